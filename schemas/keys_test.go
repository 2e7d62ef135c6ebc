package schemas

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// TestKeys states how the items of lists are told apart, as the schemas say.
func TestKeys(t *testing.T) {
	itself, whole := []string{""}, []string(nil)
	for _, c := range []struct {
		apiVersion, kind, at string
		keys                 []string
		known                bool
	}{
		{"apps/v1", "Deployment", "spec.template.spec.containers", []string{"name"}, true},
		{"apps/v1", "Deployment", "spec.template.spec.containers.name=lamp.ports", []string{"containerPort", "protocol"}, true},
		{"apps/v1", "Deployment", "spec.template.spec.containers.name=lamp.env", []string{"name"}, true},
		{"apps/v1", "Deployment", "spec.template.spec.containers.name=lamp.args", whole, true},
		{"apps/v1", "Deployment", "spec.template.spec.topologySpreadConstraints", []string{"topologyKey", "whenUnsatisfiable"}, true},
		{"apps/v1", "Deployment", "metadata.finalizers", itself, true},
		{"v1", "Service", "spec.ports", []string{"port", "protocol"}, true},
		{"networking.k8s.io/v1", "NetworkPolicy", "spec.ingress.0.ports", whole, true},
		{"gateway.networking.k8s.io/v1", "Gateway", "spec.listeners", []string{"name"}, true},
		{"gateway.networking.k8s.io/v1", "HTTPRoute", "spec.parentRefs", whole, true},
		{"gateway.networking.k8s.io/v1", "HTTPRoute", "spec.rules", whole, true},
		{"ceph.rook.io/v1", "CephCluster", "spec.resources.osd.claims", []string{"name"}, true},
		{"apiextensions.k8s.io/v1", "CustomResourceDefinition", "spec.versions.0.schema.openAPIV3Schema.properties.a.properties.b.required", whole, true},
		{"argoproj.io/v1alpha1", "Application", "spec.sources", nil, false},
		{"apps/v1", "Deployment", "", nil, false},
		{"apps/v1", "Deployment", "spec.template.spec.container", nil, false},
		{"apps/v1", "Deployment", "spec.replicas.0.ports", nil, false},
		{"apps/v2", "Deployment", "spec.template.spec.containers", nil, false},
		{"example.org/v1", "Lamp", "spec.containers", nil, false},
		{"", "", "ports", nil, false},
	} {
		var at []any
		for step := range strings.SplitSeq(c.at, ".") {
			at = append(at, step)
		}
		keys, known := Embedded().Keys(c.apiVersion, c.kind, at)
		if !reflect.DeepEqual(keys, c.keys) || known != c.known {
			t.Errorf("%s %s %s: got %q, %t, want %q, %t", c.apiVersion, c.kind, c.at, keys, known, c.keys, c.known)
		}
	}
	if keys, known := New([]byte("broken")).Keys("apps/v1", "Deployment", nil); known {
		t.Errorf("got %q of a broken bundle", keys)
	}
}

// TestKeysOfBrokenNode states that a bundle with a reference to nowhere tells nothing of what is below it.
func TestKeysOfBrokenNode(t *testing.T) {
	var b bytes.Buffer
	c := contents{header: header{Format: format, Kubernetes: []string{"1.36"}}, Kinds: []entry{{Kind: Kind{Version: "v1", Kind: "Lamp"}, Lines: []int{0}}}}
	c.parsed = []Node{{"properties": Node{"a": reference(9), "b": Node{"$ref": "x"}}}}
	if err := c.write(&b); err != nil {
		t.Fatal(err)
	}
	for _, at := range [][]any{{"a"}, {"b"}, {"a", "c"}} {
		if keys, known := New(b.Bytes()).Keys("v1", "Lamp", at); known {
			t.Errorf("%v: got %q", at, keys)
		}
	}
}
