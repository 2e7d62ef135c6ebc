package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var resourcesQuotaUnmet = linter.Rule{
	ID:          "resources/quota-unmet",
	Title:       "A pod does not say what the ResourceQuota of its namespace demands",
	Description: "Set the resource on every container, or give the namespace a LimitRange with a default for it.",
	Rationale:   "The API server refuses every such pod: the workload stays without any.",
	Severity:    always,
	Check:       everywhere(checkQuotaUnmet),
}

func checkQuotaUnmet(s *scene) {
	for _, p := range s.Pods() {
		d, ok := s.Unmet(p)
		if !ok {
			continue
		}
		what := manifest.ID{Version: "v1", Kind: "LimitRange", Namespace: p.Maker.ID.Namespace}
		s.lacks(p.Maker, what, linter.Finding{
			Message: fmt.Sprintf("container %q has no %s, which the ResourceQuota %q demands", d.Container.Object["name"], d.Resource, d.Quota.ID.Name), At: d.Container.At.With("resources"),
			Related: []linter.Related{{Place: d.Quota.Place("spec", "hard"), Message: "what the ResourceQuota bounds"}},
		})
	}
}
