package rules

import "github.com/gitopsgen/gitopsgen/linter"

var sourceEnableHelmMissing = linter.Rule{
	ID:          "source/enable-helm-missing",
	Title:       "Charts in a kustomization, and Argo CD does not let kustomize inflate them",
	Description: "Add --enable-helm to kustomize.buildOptions in argocd-cm (configs.cm in the values of the chart argo-cd).",
	Rationale:   "Argo CD hands kustomize no more options than argocd-cm says. Without this one such an Application never renders.",
	Severity:    always,
	Check:       problems("source/enable-helm-missing"),
}
