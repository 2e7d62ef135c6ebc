package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// dropped are fields that the API server does not keep, by the kind that they stand in: an empty kind is any. Argo CD finds
// what is gone missing, and writes it again and again. Of kinds that Kubernetes itself has it compares what is left of both
// sides, so other defaults that are written out do no harm there.
var dropped = []struct {
	kind string
	path []string
	// value is the one that is not kept; nil is null, and anyValue whatever stands there.
	value any
	why   string
}{
	{"CustomResourceDefinition", []string{"spec", "preserveUnknownFields"}, false, "its default, which no answer names"},
	{"CustomResourceDefinition", []string{"status"}, anyValue, "only the API server writes it"},
	{"", []string{"metadata", "creationTimestamp"}, nil, "the API server writes its own"},
}

// anyValue stands for every value.
var anyValue = new(struct{})

// notKept are the fields of an object that the API server does not keep, each with the reason.
func notKept(id manifest.ID, object map[string]any) []string {
	var found []string
	for _, d := range dropped {
		last := len(d.path) - 1
		holder, _ := field(object, d.path[:last]...).(map[string]any)
		value, there := holder[d.path[last]]
		if there && (d.kind == "" || d.kind == id.Kind) && (d.value == anyValue || d.value == value) {
			found = append(found, fmt.Sprintf("the API server does not keep %s: %s", strings.Join(d.path, "."), d.why))
		}
	}
	spec, _ := object["spec"].(map[string]any)
	if custom := strings.Contains(id.Group, ".") && !strings.HasSuffix(id.Group, ".k8s.io"); custom && spec != nil {
		for _, at := range nulls("spec", spec) {
			found = append(found, "the API server does not keep "+at+": null in a custom resource")
		}
	}
	return found
}

// nulls are the paths of all nulls below a value.
func nulls(at string, value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			found = append(found, nulls(at+"."+name, v)...)
		}
	case []any:
		for i, v := range value {
			found = append(found, nulls(fmt.Sprintf("%s[%d]", at, i), v)...)
		}
	case nil:
		found = append(found, at)
	}
	slices.Sort(found)
	return found
}

// TestNotKept wants the fields to be found that the API server does not keep. What charts render to is held against them
// when it is recorded.
func TestNotKept(t *testing.T) {
	for _, c := range []struct{ object, want string }{
		{"{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, metadata: {name: a}, spec: {preserveUnknownFields: false}}", "spec.preserveUnknownFields: its default, which no answer names"},
		{"{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, metadata: {name: a}, status: {conditions: []}}", "status: only the API server writes it"},
		{"{kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: a, creationTimestamp: null}}", "metadata.creationTimestamp: the API server writes its own"},
		{"{kind: Lamp, apiVersion: lights.example.org/v1, metadata: {name: a}, spec: {rooms: [{bulb: null}]}}", "spec.rooms[0].bulb: null in a custom resource"},
		{"{kind: Lamp, apiVersion: lights.example.org/v1, metadata: {name: a}, spec: {preserveUnknownFields: false}, status: {lit: true}}", ""},
		{"{kind: Deployment, apiVersion: apps/v1, metadata: {name: a}, spec: {minReadySeconds: 0, template: null}}", ""},
	} {
		resources, problems := manifest.Parse("a.yaml", []byte(c.object))
		if len(resources) != 1 {
			t.Fatalf("%s: %v", c.object, problems)
		}
		if c.want != "" {
			c.want = "the API server does not keep " + c.want
		}
		if got := strings.Join(notKept(resources[0].ID, resources[0].Object), "\n"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.object, got, c.want)
		}
	}
}

// TestTreesAreKept wants the objects of our own to have no field that the API server does not keep.
func TestTreesAreKept(t *testing.T) {
	for name, r := range trees(t) {
		for _, res := range r.result.Resources {
			for _, fault := range notKept(res.ID, res.Object) {
				t.Errorf("%s: %s: %s", name, res.ID, fault)
			}
		}
	}
}
