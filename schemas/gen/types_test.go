package main

import (
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// TestOpenAPI states what is read of a server's own kinds: their shape, which Kubernetes' own parts of it stay as they are, and where
// they live; and nothing of what they require.
func TestOpenAPI(t *testing.T) {
	dir := files(t, map[string]string{
		"openapi.json": `{"definitions": {"com.example.lights.v1.Bulb": {"type": "object", "required": ["spec"], "properties": {
			"metadata": {"$ref": "#/definitions/io.k8s.ObjectMeta"},
			"spec": {"default": {}, "type": "object", "required": ["watts"], "properties": {
				"watts": {"type": "integer", "default": 0},
				"default": {"type": "string"},
				"parts": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}, "x-kubernetes-patch-merge-key": "name"},
				"pod": {"$ref": "#/definitions/io.k8s.Pod"}}}}},
			"io.k8s.lights.v1.Bulb": {"type": "object", "properties": {"other": {"type": "string"}}},
			"io.k8s.Pod": {"type": "string"}}}`,
		"lights/v1/register.go": "package v1\n\nvar GroupName = \"lights.example.com\"\n",
		"lights/v1/types.go":    "package v1\n\n// +genclient\n// +genclient:nonNamespaced\n\n// Bulb is one.\ntype Bulb struct{}\n\ntype BulbSpec struct{}\n",
	})
	newest := core{metadata: schemas.Node{"type": "object"}, resolver: newResolver(map[string]map[string]any{
		"io.k8s.ObjectMeta": {"type": "object"},
		"io.k8s.Pod":        {"type": "object", "required": []any{"name"}, "properties": map[string]any{"name": map[string]any{"type": "string"}}},
	}, nil)}
	got, err := openAPI{File: "openapi.json", Packages: []string{"lights/v1"}}.read(dir, "example.com", newest)
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]any{"type": "string"}
	want := schemas.Entry{
		Kind: schemas.Kind{Group: "lights.example.com", Version: "v1", Kind: "Bulb", Scope: schemas.Cluster},
		Node: schemas.Node{"type": "object", "additionalProperties": false, "properties": map[string]any{
			"metadata": map[string]any{"type": "object"},
			"spec": map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{
				"watts": map[string]any{"type": "integer"}, "default": text,
				"parts": map[string]any{"type": "array", "keys": []any{"name"}, "repeats": true,
					"items": map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{"name": text}}},
				"pod": map[string]any{"type": "object", "additionalProperties": false, "required": []any{"name"}, "properties": map[string]any{"name": text}},
			}},
		}},
	}
	if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if _, err := (openAPI{File: "openapi.json", Packages: []string{"lamps/v1"}}).read(dir, "example.com", newest); err == nil {
		t.Error("got no error for a package that is not there")
	}
}

// TestLifecycles states what is read of the methods of types, and that lists and what stays are left out.
func TestLifecycles(t *testing.T) {
	method := func(kind, name, result, values string) string {
		return "func (in *" + kind + ") APILifecycle" + name + "() " + result + " {\n\treturn " + values + "\n}\n"
	}
	dir := files(t, map[string]string{
		"lights/v1beta1/register.go": "package v1beta1\n\nconst GroupName = \"lights.example.com\"\n",
		"lights/v1beta1/zz_generated.prerelease-lifecycle.go": "package v1beta1\n\n" +
			method("Lamp", "Introduced", "(major, minor int)", "1, 2") +
			method("Lamp", "Deprecated", "(major, minor int)", "1, 19") +
			method("Lamp", "Removed", "(major, minor int)", "1, 22") +
			method("Lamp", "Replacement", "schema.GroupVersionKind", `schema.GroupVersionKind{Group: "lights", Version: "v1", Kind: "LampList"}`) +
			method("LampList", "Deprecated", "(major, minor int)", "1, 19") +
			method("Bulb", "Introduced", "(major, minor int)", "1, 2"),
	})
	var r schemas.Recipe
	if err := addLifecycles(dir, "*/*", &r); err != nil {
		t.Fatal(err)
	}
	want := map[schemas.Kind]schemas.Lifecycle{{Group: "lights.example.com", Version: "v1beta1", Kind: "Lamp"}: {
		Deprecated: "1.19", Removed: "1.22", Replacement: schemas.Kind{Group: "lights", Version: "v1", Kind: "Lamp"},
	}}
	if !reflect.DeepEqual(r.Lifecycles, want) {
		t.Errorf("got %v, want %v", r.Lifecycles, want)
	}
	if err := addLifecycles(dir, "pkg/*", &r); err == nil {
		t.Error("got no error where there is nothing to read")
	}
}
