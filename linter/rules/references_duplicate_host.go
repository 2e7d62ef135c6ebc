package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesDuplicateHost = linter.Rule{
	ID:          "references/duplicate-host",
	Title:       "Two objects claim the same host and path",
	Description: "Give one of them another host or path, or merge the two.",
	Rationale:   "One of them gets the traffic, and which one depends on the controller and on who came first.",
	Severity:    always,
	Check:       deployed(checkDuplicateHost),
}

func checkDuplicateHost(s *scene) {
	type claim struct{ host, path, by string }
	first := map[claim]*manifest.Resource{}
	at := map[claim]manifest.Path{}
	judge := func(r *manifest.Resource, hosts []cluster.Host) {
		told := false
		for _, h := range hosts {
			c := claim{h.Name, h.Path, h.By}
			if first[c] == nil {
				first[c], at[c] = r, h.At
			}
			if other := first[c]; !told && other.ID.String() != r.ID.String() {
				told = true
				s.tell(r, linter.Finding{
					Message: fmt.Sprintf("%s claims %s%s, too", other.ID, h.Name, h.Path), At: h.At,
					Related: []linter.Related{{Place: other.Place(at[c]...), Message: "the other claim"}},
				})
			}
		}
	}
	for _, r := range s.Ingresses() {
		judge(r, cluster.IngressHosts(r))
	}
	for _, r := range s.Of("gateway.networking.k8s.io", "HTTPRoute") {
		judge(r, cluster.RouteHosts(r))
	}
}
