package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var reliabilityPDBMissing = linter.Rule{
	ID:          "reliability/pdb-missing",
	Title:       "No PodDisruptionBudget covers a workload of several replicas",
	Description: "Add a PodDisruptionBudget that selects the pods and lets one of them be away.",
	Rationale:   "When nodes are drained one after the other, all replicas may be away at once.",
	Severity:    linter.Severities{Medium: linter.Info, Enterprise: linter.Warning},
	Check:       deployed(checkPDBMissing),
}

func checkPDBMissing(s *scene) {
	covered, unclear := map[*cluster.Pod]bool{}, map[string]bool{}
	for _, r := range s.Of("policy", "PodDisruptionBudget") {
		unclear[r.ID.Namespace] = unclear[r.ID.Namespace] || !cluster.Known(r, "spec", "selector")
	}
	for _, b := range s.Budgets() {
		for _, p := range s.Select(b.Resource.ID.Namespace, b.Selector) {
			covered[p] = true
		}
	}
	for _, p := range s.Pods() {
		n, ok := p.Replicas()
		if h, scaled := s.ScalerOf(p.Maker); scaled {
			n = h.Min
		}
		if !ok || n < 2 || covered[p] || unclear[p.Maker.ID.Namespace] {
			continue
		}
		what := manifest.ID{Version: "v1", Kind: "PodDisruptionBudget", Namespace: p.Maker.ID.Namespace, Name: p.Maker.ID.Name}
		s.lacks(p.Maker, what, linter.Finding{
			Message: fmt.Sprintf("no PodDisruptionBudget selects its %d pods", n), At: manifest.Path{"spec", "replicas"},
		})
	}
}
