package blueprints_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// openPages are the pods whose pages ask nobody who they are, by the component that brings them: a label of theirs.
var openPages = []struct{ component, namespace, label, value string }{
	{"alloy", "alloy", "app.kubernetes.io/name", "alloy"},
	{"cilium", "kube-system", "k8s-app", "hubble-relay"},
	{"cilium", "kube-system", "k8s-app", "hubble-ui"},
	{"kube-prometheus-stack", "monitoring", "app.kubernetes.io/name", "alertmanager"},
	{"kube-prometheus-stack", "monitoring", "app.kubernetes.io/name", "kube-state-metrics"},
	{"kube-prometheus-stack", "monitoring", "app.kubernetes.io/name", "prometheus"},
	{"falco", "falco", "app.kubernetes.io/name", "falco"},
	{"falco", "falco", "app.kubernetes.io/name", "falcosidekick"},
	{"longhorn", "longhorn-system", "app", "longhorn-ui"},
}

// TestOpenPages wants pages that ask nobody who they are to be reached from their own namespace, that of the ingress and
// that of what measures, and from nowhere else; Alertmanager from what sends alarms, too.
func TestOpenPages(t *testing.T) {
	for name, r := range trees(t) {
		t.Run(name, func(t *testing.T) {
			served := namespaces(t, r)
			ingress, ok := served["ingress"]
			if !ok {
				t.Fatal("nothing serves the capability ingress")
			}
			for _, page := range openPages {
				app := r.Spec.Clusters[0].Name + "-" + page.component
				if !slices.ContainsFunc(r.Resources, func(res manifest.Resource) bool { return res.Origin.Application == app }) {
					continue
				}
				if page.component == "cilium" && name == "small" {
					continue // Hubble is not there
				}
				by, ok := reachedBy(r.Resources, page.namespace, page.label, page.value)
				if !ok {
					t.Errorf("anybody reaches %s of %s", page.value, page.namespace)
				}
				known := []string{page.namespace, "monitoring", ingress}
				if page.value == "alertmanager" {
					known = append(known, served["audit"])
				}
				for _, namespace := range by {
					if !slices.Contains(known, namespace) {
						t.Errorf("%s of %s is reached from %s", page.value, page.namespace, namespace)
					}
				}
			}
		})
	}
}

// namespaces are those of the components that serve capabilities.
func namespaces(t *testing.T, r generator.Rendered) map[string]string {
	t.Helper()
	b, _, err := blueprint.Evaluate(t.Context(), librarySource, r.Spec)
	if err != nil {
		t.Fatal(err)
	}
	served := map[string]string{}
	for _, c := range b.Clusters[0].Components {
		if c.Capability != "" {
			served[c.Capability] = c.Namespace
		}
	}
	return served
}

// reachedBy are the namespaces from which pods with a label may be reached, and whether that is bounded at all.
func reachedBy(resources []manifest.Resource, namespace, label, value string) (by []string, bounded bool) {
	for _, res := range resources {
		if res.ID.Kind != "NetworkPolicy" || res.ID.Namespace != namespace || !selects(field(res.Object, "spec", "podSelector"), label, value) {
			continue
		}
		bounded = true
		for _, rule := range list(res.Object, "spec", "ingress") {
			from := list(rule, "from")
			if len(from) == 0 {
				by = append(by, "anywhere")
			}
			for _, peer := range from {
				by = append(by, peerNamespace(peer, namespace))
			}
		}
	}
	return by, bounded
}

// peerNamespace is the namespace of one peer of a rule.
func peerNamespace(peer any, own string) string {
	switch {
	case field(peer, "ipBlock") != nil:
		return fmt.Sprint(field(peer, "ipBlock"))
	case field(peer, "namespaceSelector") == nil:
		return own
	}
	return text(peer, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name")
}

// selects reports whether a selector takes pods with a label, whatever other labels they have.
func selects(selector any, label, value string) bool {
	for _, e := range list(selector, "matchExpressions") {
		if text(e, "key") == label && text(e, "operator") == "In" && slices.Contains(list(e, "values"), any(value)) {
			return true
		}
	}
	return text(selector, "matchLabels", label) == value
}
