package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesPortName = linter.Rule{
	ID:          "references/port-name",
	Title:       "A Service sends traffic to a port name that no pod has",
	Description: "Name a port in the pods' template as the Service's targetPort says, or say its number.",
	Rationale:   "Such a port of the Service has no endpoint: whoever asks it gets no answer.",
	Severity:    always,
	Check:       everywhere(checkPortName),
}

func checkPortName(s *scene) {
	for _, r := range s.Of("", "Service") {
		by, ok := cluster.ServiceSelector(r)
		if !ok {
			continue
		}
		pods := s.Select(r.ID.Namespace, by)
		has := map[cluster.PortName]bool{}
		var names []string
		for _, p := range pods {
			for _, port := range p.Ports() {
				has[port.PortName] = true
				names = append(names, port.Name)
			}
		}
		for _, target := range cluster.TargetNames(r) {
			if len(pods) == 0 || has[target.PortName] {
				continue
			}
			s.tell(r, linter.Finding{
				Message: fmt.Sprintf("no container of the pods has a port %q for %s%s", target.Name, target.Protocol, cluster.Nearest(target.Name, names)), At: target.At,
				Related: []linter.Related{{Place: pods[0].Maker.Place(pods[0].At...), Message: "the pods that it selects"}},
			})
		}
	}
}
