package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var reliabilityPDBExceedsHPA = linter.Rule{
	ID:          "reliability/pdb-exceeds-hpa",
	Title:       "A PodDisruptionBudget wants as many pods as the HorizontalPodAutoscaler may leave",
	Description: "Set minReplicas higher than minAvailable, or say maxUnavailable: 1 instead.",
	Rationale:   "When there is little to do, no node that runs such a pod can be drained.",
	Severity:    mostly,
	Check:       everywhere(checkPDBExceedsHPA),
}

func checkPDBExceedsHPA(s *scene) {
	for _, b := range s.Budgets() {
		pods := s.Select(b.Resource.ID.Namespace, b.Selector)
		if b.Field != "minAvailable" || len(pods) != 1 {
			continue
		}
		h, scaled := s.ScalerOf(pods[0].Maker)
		if !scaled {
			continue
		}
		if spare, ok := b.Spares(h.Min); ok && spare == 0 {
			s.tell(b.Resource, linter.Finding{
				Message: fmt.Sprintf("minAvailable is %v, and %s leaves no more than %d pods", b.Value(), h.Resource.ID, h.Min), At: manifest.Path{"spec", "minAvailable"},
				Related: []linter.Related{{Place: h.Resource.Place("spec", "minReplicas"), Message: "the least number of pods"}},
			})
		}
	}
}
