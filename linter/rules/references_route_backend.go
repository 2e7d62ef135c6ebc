package rules

import (
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesRouteBackend = linter.Rule{
	ID:          "references/route-backend",
	Title:       "A route sends traffic to a Service or a port that is not there",
	Description: "Name a Service in backendRefs, with its namespace where it stands in another one, and a port that it has.",
	Rationale:   "The Gateway answers with an error in its stead.",
	Severity:    always,
	Check:       everywhere(checkRouteBackend),
}

func checkRouteBackend(s *scene) {
	for _, r := range s.Routes() {
		for _, b := range cluster.RouteBackends(r) {
			s.service(r, b)
		}
	}
}
