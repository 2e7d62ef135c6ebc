package rules

import "github.com/gitopsgen/gitopsgen/linter"

var sourceRenderFailed = linter.Rule{
	ID:          "source/render-failed",
	Title:       "A source does not render",
	Description: "Mend what the message names; Argo CD would report the same and apply nothing.",
	Rationale:   "Argo CD shows a comparison error and leaves the cluster as it is, old objects included.",
	Severity:    always,
	Check:       problems("source/render-failed"),
}
