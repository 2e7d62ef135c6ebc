package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var referencesHPATarget = linter.Rule{
	ID:          "references/hpa-target",
	Title:       "What a HorizontalPodAutoscaler scales is not there",
	Description: "Name the kind and the name of a workload of its own namespace in spec.scaleTargetRef.",
	Rationale:   "It scales nothing, and the workload stays at the number it has.",
	Severity:    always,
	Check:       everywhere(checkHPATarget),
}

func checkHPATarget(s *scene) {
	for _, h := range s.Scalers() {
		if len(s.Find(h.Target)) > 0 {
			continue
		}
		what := h.Target
		what.Kind = "Pod" // what makes pods makes workloads, too
		s.lacks(h.Resource, what, linter.Finding{
			Message: fmt.Sprintf("there is no %s %q in the namespace %q%s", h.Target.Kind, h.Target.Name, h.Target.Namespace, s.Meant(h.Target)), At: manifest.Path{"spec", "scaleTargetRef", "name"},
		})
	}
}
