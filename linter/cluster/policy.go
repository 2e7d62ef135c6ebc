package cluster

import (
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Peers gives the paths of the selectors by which a NetworkPolicy lets pods of its own namespace in, or out to them.
func Peers(r *manifest.Resource) (all []manifest.Path) {
	for field, peers := range map[string]string{"ingress": "from", "egress": "to"} {
		for i, rule := range list(r.Object, "spec", field) {
			for j, peer := range list(rule, peers) {
				if peer["namespaceSelector"] == nil && peer["podSelector"] != nil {
					all = append(all, manifest.Path{"spec", field, i, peers, j, "podSelector"})
				}
			}
		}
	}
	return all
}

// Guarded gives the pods that a NetworkPolicy selects, Cilium's own among them. Unclear are the namespaces of which that is not
// known; the empty one is all.
func (c *Cluster) Guarded() (guarded map[*Pod]bool, unclear map[string]bool) {
	guarded, unclear = map[*Pod]bool{}, map[string]bool{}
	for _, at := range []struct{ group, kind, field string }{
		{"networking.k8s.io", "NetworkPolicy", "podSelector"}, {"cilium.io", "CiliumNetworkPolicy", "endpointSelector"},
	} {
		for _, r := range c.Of(at.group, at.kind) {
			by, ok := Selector(manifest.Dig(r.Object, "spec", at.field))
			if !ok || !Known(r, "spec", at.field) || at.group == "cilium.io" && (r.Object["specs"] != nil || !plain(by)) {
				unclear[r.ID.Namespace] = true
				continue
			}
			for _, p := range c.Select(r.ID.Namespace, by) {
				guarded[p] = true
			}
		}
	}
	for _, k := range []kind{
		{"cilium.io", "CiliumClusterwideNetworkPolicy"}, {"crd.projectcalico.org", "GlobalNetworkPolicy"}, {"projectcalico.org", "GlobalNetworkPolicy"},
		{"policy.networking.k8s.io", "AdminNetworkPolicy"}, {"policy.networking.k8s.io", "BaselineAdminNetworkPolicy"},
	} {
		unclear[""] = unclear[""] || len(c.kinds[k]) > 0
	}
	for _, group := range []string{"crd.projectcalico.org", "projectcalico.org"} {
		for _, r := range c.Of(group, "NetworkPolicy") {
			unclear[r.ID.Namespace] = true
		}
	}
	return guarded, unclear
}

// plain reports whether a selector of Cilium's asks for labels as pods have them, without where they come from.
func plain(s labels.Selector) bool {
	requirements, _ := s.Requirements()
	for _, r := range requirements {
		if strings.ContainsAny(r.Key(), ":") {
			return false
		}
	}
	return true
}

// MonitoredNamespaces gives those that a monitor of Prometheus looks into; all says that it is every one.
func MonitoredNamespaces(r *manifest.Resource) (namespaces []string, all bool) {
	if manifest.Dig(r.Object, "spec", "namespaceSelector", "any") == true {
		return nil, true
	}
	names, _ := manifest.Dig(r.Object, "spec", "namespaceSelector", "matchNames").([]any)
	for _, name := range names {
		if name, ok := name.(string); ok {
			namespaces = append(namespaces, name)
		}
	}
	if len(namespaces) == 0 {
		namespaces = []string{r.ID.Namespace}
	}
	return namespaces, false
}

// Port is a port by its name, and where it is said.
type Port struct {
	PortName
	At manifest.Path
}

// PortName is the name of a port, and its protocol; the empty protocol is any.
type PortName struct{ Name, Protocol string }

// MonitoredPorts gives the names of the ports that a monitor scrapes.
func MonitoredPorts(r *manifest.Resource) (all []Port) {
	for _, field := range []string{"endpoints", "podMetricsEndpoints"} {
		for i, e := range list(r.Object, "spec", field) {
			if name := text(e, "port"); name != "" {
				all = append(all, Port{PortName{Name: name}, manifest.Path{"spec", field, i, "port"}})
			}
		}
	}
	return all
}

// Monitored reports whether a monitor selects something in namespaces, and gives the names of the ports that this has: none where
// they are not known.
func (c *Cluster) Monitored(r *manifest.Resource, namespaces []string, by labels.Selector) (ports []string, found bool) {
	known := true
	for _, namespace := range namespaces {
		if r.ID.Kind == "PodMonitor" {
			for _, p := range c.Select(namespace, by) {
				found = true
				for _, port := range p.Ports() {
					ports = append(ports, port.Name)
				}
			}
			continue
		}
		if *c.left -= len(c.services[namespace]); *c.left < 0 {
			return nil, true
		}
		for _, s := range c.services[namespace] {
			if by.Matches(LabelsOf(s)) {
				found, known = true, known && Known(s, "spec", "ports")
				for _, p := range list(s.Object, "spec", "ports") {
					ports = append(ports, text(p, "name"))
				}
			}
			known = known && Known(s, "spec", "ports")
		}
	}
	if !known {
		return nil, true // a record without ports has no labels either
	}
	return ports, found
}

// TargetNames gives the names that the ports of a Service have in pods.
func TargetNames(r *manifest.Resource) (all []Port) {
	for i, p := range list(r.Object, "spec", "ports") {
		if name := text(p, "targetPort"); name != "" {
			all = append(all, Port{PortName{name, protocolOf(p)}, manifest.Path{"spec", "ports", i, "targetPort"}})
		}
	}
	return all
}
