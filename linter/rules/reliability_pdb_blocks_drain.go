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
	for _, b := range s.Budgets() {
		pods, ok := s.guarded(b)
		if pods == 0 {
			continue
		}
		const any = 1_000 // whatever the number of pods, it lets none go
		never, sure := b.Spares(any)
		if n, known := b.Spares(pods); ok && known {
			never, sure = n, known
		}
		if sure && never == 0 {
			s.tell(b.Resource, linter.Finding{
				Message: fmt.Sprintf("%s is %v, so none of the pods may be away", b.Field, b.Value()) + of(pods, ok), At: manifest.Path{"spec", b.Field},
			})
		}
	}
}

// guarded counts the pods that a budget selects, one for each workload where their number is not fixed.
func (s *scene) guarded(b cluster.Budget) (n int, fixed bool) {
	most := map[manifest.ID]int{}
	fixed = true
	for _, p := range s.Select(b.Resource.ID.Namespace, b.Selector) {
		one, ok := p.Replicas()
		if _, scaled := s.ScalerOf(p.Maker); !ok || scaled {
			fixed, one = false, 1
		}
		most[p.Maker.ID] = max(most[p.Maker.ID], one)
	}
	for _, one := range most {
		n += one
	}
	return n, fixed
}

// of says how many pods there are, where that is fixed.
func of(pods int, fixed bool) string {
	if !fixed {
		return ""
	}
	return ": there are " + strconv.Itoa(pods)
}
