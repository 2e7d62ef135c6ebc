package rules

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesMonitorSelector = linter.Rule{
	ID:          "references/monitor-selector",
	Title:       "A monitor selects nothing to scrape, or no such port",
	Description: "Let spec.selector name labels that the Service itself has (the pods' template, for a PodMonitor), and the endpoint a port by its name.",
	Rationale:   "Prometheus scrapes nothing and says nothing of it: every alert about it stays silent.",
	Severity:    warned,
	Check:       everywhere(checkMonitorSelector),
}

func checkMonitorSelector(s *scene) {
	for _, what := range []string{"ServiceMonitor", "PodMonitor"} {
		for _, r := range s.Of("monitoring.coreos.com", what) {
			if cluster.Known(r, "spec", "selector") {
				s.monitor(r)
			}
		}
	}
}

// monitor judges one monitor. Of one that looks into namespaces in which others bring things too, nothing is known.
func (s *scene) monitor(r *manifest.Resource) {
	by, ok := cluster.Selector(manifest.Dig(r.Object, "spec", "selector"))
	if manifest.Dig(r.Object, "spec", "selector") == nil {
		by = labels.Everything() // as the operator reads it; that it has to be there is for schema/invalid to say
	}
	namespaces, all := cluster.MonitoredNamespaces(r)
	if !ok || all || slices.ContainsFunc(namespaces, func(n string) bool { return cluster.Foreign(n) || n == "default" }) {
		return
	}
	ports, found := s.Monitored(r, namespaces, by)
	what := manifest.ID{Version: "v1", Kind: map[string]string{"ServiceMonitor": "Service", "PodMonitor": "Pod"}[r.ID.Kind], Namespace: namespaces[0]}
	if !found {
		message := fmt.Sprintf("no %s in %s has the labels %s", what.Kind, wording.All(namespaces), by)
		if by.Empty() {
			message = fmt.Sprintf("there is no %s in %s", what.Kind, wording.All(namespaces))
		}
		s.lacks(r, what, linter.Finding{Message: message, At: manifest.Path{"spec", "selector"}})
		return
	}
	for _, e := range cluster.MonitoredPorts(r) {
		if len(ports) > 0 && !slices.Contains(ports, e.Name) {
			s.lacks(r, what, linter.Finding{
				Message: fmt.Sprintf("nothing that it selects has a port %q%s", e.Name, cluster.Nearest(e.Name, ports)), At: e.At,
			})
		}
	}
}
