package rules

import (
	"fmt"
	"strconv"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var reliabilityPDBBlocksDrain = linter.Rule{
	ID:          "reliability/pdb-blocks-drain",
	Title:       "A PodDisruptionBudget lets no pod go",
	Description: "Leave room for one pod: maxUnavailable: 1, or more replicas than minAvailable.",
	Rationale:   "No node that runs such a pod can be drained: upgrades of the machines wait for a person.",
	Severity:    mostly,
	Check:       everywhere(checkPDBBlocksDrain),
}

func checkPDBBlocksDrain(s *scene) {
	fixed := map[*cluster.Pod]int{}
	for _, p := range s.Pods() {
		_, scaled := s.ScalerOf(p.Maker)
		if n, ok := p.Replicas(); ok && !scaled {
			fixed[p] = n
		}
	}
	for _, b := range s.Budgets() {
		n, sure := 0, true
		pods := s.Select(b.Resource.ID.Namespace, b.Selector)
		for _, p := range pods {
			one, ok := fixed[p]
			n, sure = n+one, sure && ok
		}
		if !sure {
			n = 1_000 // whatever the number of pods, it lets none go
		}
		if spare, ok := b.Spares(n); ok && spare == 0 && len(pods) > 0 && n > 0 {
			s.tell(b.Resource, linter.Finding{
				Message: fmt.Sprintf("%s is %v, so none of the pods may be away", b.Field, b.Value()) + of(n, sure), At: manifest.Path{"spec", b.Field},
			})
		}
	}
}

// of says how many pods there are, where that is fixed.
func of(pods int, fixed bool) string {
	if !fixed {
		return ""
	}
	return ": there are " + strconv.Itoa(pods)
}
