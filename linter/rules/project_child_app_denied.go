package rules

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var projectChildAppDenied = linter.Rule{
	ID:          "project/child-app-denied",
	Title:       "A project does not permit the Applications that an Application brings",
	Description: "Permit the namespace and the kind of the Applications in the AppProject of the parent, or give the parent another project.",
	Rationale:   "Argo CD fails the sync of the parent, so that none of its children is ever made or changed.",
	Severity:    always,
	Check:       checkChildAppDenied,
}

func checkChildAppDenied(v *linter.View) linter.Judgement {
	all, not := members(v)
	out := linter.Judgement{NotJudged: not}
	for _, m := range all {
		if denied, known := m.denies(m.Spec.Destination.Namespace); denied || !known {
			continue // project/destination-denied tells
		}
		out.Findings = append(out.Findings, m.deniedKinds(v, ofArgoCD)...)
		children := grouped(m.Objects, func(id manifest.ID) (string, bool) {
			return id.Namespace, ofArgoCD(id) && id.Namespace != "" && !m.deniesKind(v, id)
		})
		for _, g := range children {
			if denied, known := m.denies(g.first.ID.Namespace); denied && known {
				out.Findings = append(out.Findings, m.deniedDestination(g))
			}
		}
	}
	return out
}
