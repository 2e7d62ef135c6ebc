package rules

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var networkUnprotectedPod = linter.Rule{
	ID:          "network/unprotected-pod",
	Title:       "No NetworkPolicy selects a pod",
	Description: "Add a NetworkPolicy to the namespace: one with an empty podSelector selects all its pods.",
	Rationale:   "Every pod of the cluster can reach it, one that was broken into among them.",
	Severity:    linter.Severities{Medium: linter.Warning, Enterprise: linter.Error},
	Check:       deployed(checkUnprotectedPod),
}

func checkUnprotectedPod(s *scene) {
	guarded, unclear := s.Guarded()
	for _, p := range s.Pods() {
		if guarded[p] || unclear[""] || unclear[p.Maker.ID.Namespace] || p.Spec["hostNetwork"] == true {
			continue
		}
		what := manifest.ID{Version: "v1", Kind: "NetworkPolicy", Namespace: p.Maker.ID.Namespace}
		s.lacks(p.Maker, what, linter.Finding{Message: "no NetworkPolicy selects its pods"})
	}
}
