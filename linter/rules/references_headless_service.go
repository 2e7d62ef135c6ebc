package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesHeadlessService = linter.Rule{
	ID:          "references/headless-service",
	Title:       "The Service of a StatefulSet is not there, or not headless",
	Description: "Name a Service with clusterIP: None in spec.serviceName.",
	Rationale:   "The pods get no names in DNS, by which the members of such a set find each other.",
	Severity:    always,
	Check:       everywhere(checkHeadlessService),
}

func checkHeadlessService(s *scene) {
	at := manifest.Path{"spec", "serviceName"}
	for _, r := range s.Of("apps", "StatefulSet") {
		name, _ := manifest.Dig(r.Object, at...).(string)
		to := manifest.ID{Version: "v1", Kind: "Service", Namespace: r.ID.Namespace, Name: name}
		services := s.Find(to)
		hasAddress := func(service *manifest.Resource) bool {
			return cluster.Known(service, "spec", "ports") && manifest.Dig(service.Object, "spec", "clusterIP") != "None"
		}
		switch {
		case name == "":
		case len(services) == 0:
			s.lacks(r, to, linter.Finding{Message: fmt.Sprintf("there is no Service %q in the namespace %q%s", name, to.Namespace, s.Meant(to)), At: at})
		case every(services, hasAddress):
			s.tell(r, linter.Finding{
				Message: fmt.Sprintf("the Service %q is not headless: its clusterIP is not None", name), At: at,
				Related: []linter.Related{{Place: services[0].Place("spec"), Message: "the Service"}},
			})
		}
	}
}
