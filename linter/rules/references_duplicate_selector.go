package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesDuplicateSelector = linter.Rule{
	ID:          "references/duplicate-selector",
	Title:       "Two Services are the same but for their names",
	Description: "Keep one of them, or let them select different pods.",
	Rationale:   "One of the two is left over, or meant other pods than it gets.",
	Severity:    warned,
	Check:       deployed(checkDuplicateSelector),
}

func checkDuplicateSelector(s *scene) {
	type service struct{ namespace, says string }
	first := map[service]*manifest.Resource{}
	for _, r := range s.Of("", "Service") {
		by, ok := cluster.ServiceSelector(r)
		if !ok || !cluster.Known(r, "spec", "ports") {
			continue
		}
		spec, _ := json.Marshal(r.Object["spec"])
		is := service{r.ID.Namespace, string(spec)}
		other := first[is]
		if other == nil {
			first[is] = r
		}
		if other == nil || other.ID == r.ID || !maps.Equal(cluster.LabelsOf(other), cluster.LabelsOf(r)) {
			continue // monitors and others tell Services apart by their labels
		}
		if slices.ContainsFunc(s.Select(r.ID.Namespace, by), func(p *cluster.Pod) bool { return p.Maker.ID.Kind == "Rollout" }) {
			continue // Argo Rollouts lets each of the two select other pods
		}
		s.tell(r, linter.Finding{
			Message: fmt.Sprintf("%s selects the same pods by %s, on the same ports", other.ID, by), At: manifest.Path{"spec", "selector"},
			Related: []linter.Related{{Place: other.Place("spec", "selector"), Message: "the other Service"}},
		})
	}
}
