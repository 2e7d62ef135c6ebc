package rules

import (
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesIngressBackend = linter.Rule{
	ID:          "references/ingress-backend",
	Title:       "An Ingress sends traffic to a Service or a port that is not there",
	Description: "Name a Service of the Ingress' own namespace, and a port that it has.",
	Rationale:   "Whoever asks for the host gets an error page.",
	Severity:    always,
	Check:       everywhere(checkIngressBackend),
}

func checkIngressBackend(s *scene) {
	for _, r := range s.Ingresses() {
		for _, b := range cluster.IngressBackends(r) {
			s.service(r, b)
		}
	}
}
