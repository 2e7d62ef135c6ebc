package rules

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var reliabilityHPAStaticReplicas = linter.Rule{
	ID:          "reliability/hpa-static-replicas",
	Title:       "A workload that a HorizontalPodAutoscaler scales sets its own number of replicas",
	Description: "Remove spec.replicas from the workload, or let the Application ignore it and respect that.",
	Rationale:   "Each sync sets the number back, and the autoscaler changes it again: pods come and go for nothing.",
	Severity:    mostly,
	Check:       everywhere(checkHPAStaticReplicas),
}

func checkHPAStaticReplicas(s *scene) {
	at, ignore := manifest.Path{"spec", "replicas"}, ignoreReplicas(s.view)
	for _, h := range s.Scalers() {
		workloads := s.Find(h.Target)
		sets := func(r *manifest.Resource) bool {
			return manifest.Dig(r.Object, at...) != nil && !ignore[r.Origin.Application]
		}
		if every(workloads, sets) {
			s.tell(workloads[0], linter.Finding{
				Message: fmt.Sprintf("spec.replicas is %v, and %s scales it", manifest.Dig(workloads[0].Object, at...), h.Resource.ID), At: at,
				Related: []linter.Related{{Place: h.Resource.Place("spec", "scaleTargetRef"), Message: "what scales it"}},
			})
		}
	}
}

// ignoreReplicas are the names of the Applications that leave numbers of replicas to others.
func ignoreReplicas(v *linter.View) map[string]bool {
	names := map[string]bool{}
	for _, a := range v.Applications() {
		ignored, _ := json.Marshal(manifest.Dig(a.Object, "spec", "ignoreDifferences"))
		if strings.Contains(strings.ReplaceAll(string(ignored), "/", "."), ".spec.replicas") {
			names[a.ID.Name] = true
		}
	}
	return names
}
