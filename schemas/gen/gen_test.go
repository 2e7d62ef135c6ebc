package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// files writes files into a folder.
func files(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const swaggerFile = `{
  "definitions": {
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {"description": "x", "properties": {"name": {"type": "string"}}},
    "io.k8s.api.core.v1.Lamp": {
      "description": "x",
      "properties": {
        "metadata": {"$ref": "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
        "color": {"type": "string"},
        "modes": {"items": {"type": "string"}, "type": "array"},
        "next": {"$ref": "#/definitions/io.k8s.api.core.v1.Lamp"},
        "status": {"type": "string"}
      },
      "required": ["color", "status"],
      "type": "object",
      "x-kubernetes-group-version-kind": [{"group": "", "kind": "Lamp", "version": "v1"}]
    },
    "io.k8s.api.core.v1.Anything": {"x-kubernetes-group-version-kind": [{"kind": "A", "version": "v1"}, {"kind": "A", "version": "v2"}]}
  },
  "paths": {
    "/api/v1/lamps": {"get": {}, "post": {"x-kubernetes-group-version-kind": {"group": "", "kind": "Lamp", "version": "v1"}}},
    "/api/v1/namespaces/{namespace}/lamps": {"post": {"x-kubernetes-group-version-kind": {"group": "", "kind": "Lamp", "version": "v1"}}}
  }
}`

const openAPIFile = `package openapi

import (
	corev1 "k8s.io/api/core/v1"
	common "k8s.io/kube-openapi/pkg/common"
	spec "k8s.io/kube-openapi/pkg/validation/spec"
)

func GetOpenAPIDefinitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	return map[string]common.OpenAPIDefinition{
		corev1.Lamp{}.OpenAPIModelName(): schema_Lamp(ref),
		"k8s.io/api/core/v1.Bulb":        schema_Bulb(ref),
	}
}

func schema_Lamp(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{
		Schema: spec.Schema{
			SchemaProps: spec.SchemaProps{
				Properties: map[string]spec.Schema{
					"color": {SchemaProps: spec.SchemaProps{Enum: []interface{}{"blue", "red"}}},
					"modes": {SchemaProps: spec.SchemaProps{Items: &spec.SchemaOrArray{
						Schema: &spec.Schema{SchemaProps: spec.SchemaProps{Enum: []interface{}{"on"}}},
					}}},
				},
			},
		},
	}
}

func schema_Bulb(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{
		Schema: spec.Schema{
			SchemaProps: spec.SchemaProps{
				Properties: map[string]spec.Schema{
					"sockets": {SchemaProps: spec.SchemaProps{AdditionalProperties: &spec.SchemaOrBool{
						Schema: &spec.Schema{SchemaProps: spec.SchemaProps{Enum: []interface{}{"E27"}}},
					}}},
				},
			},
		},
	}
}
`

func TestReadEnums(t *testing.T) {
	dir := files(t, map[string]string{"a.go": openAPIFile})
	got, err := readEnums(filepath.Join(dir, "a.go"))
	want := enums{
		"io.k8s.api.core.v1.Lamp.color":     {"blue", "red"},
		"io.k8s.api.core.v1.Lamp.modes[]":   {"on"},
		"io.k8s.api.core.v1.Bulb.sockets{}": {"E27"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestReadCore(t *testing.T) {
	dir := files(t, map[string]string{
		"api/openapi-spec/swagger.json":                 swaggerFile,
		"pkg/generated/openapi/zz_generated.openapi.go": openAPIFile,
	})
	c, err := readCore(dir, "1.36")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.entries) != 1 || c.entries[0].Kind != (schemas.Kind{Version: "v1", Kind: "Lamp", Scope: schemas.Namespaced}) {
		t.Fatalf("got %+v, want Lamp", c.entries)
	}
	got := schemaText(t, schemas.Recipe{Metadata: c.metadata, Entries: c.entries}, "v1", "Lamp")
	lamp := `"properties":{` +
		`"color":{"enum":["blue","red"],"type":"string"},` +
		`"metadata":{"$ref":"#/definitions/n0-or-null"},` +
		`"modes":{"items":{"enum":["on"],"type":"string"},"type":["array","null"]},` +
		`"next":{"$ref":"#/definitions/n1-or-null"},` +
		`"status":{"type":["object","null"]}},"required":["color"],`
	want := `{"additionalProperties":false,"definitions":{` +
		`"n0-or-null":{"additionalProperties":false,"properties":{"name":{"type":["string","null"]}}},` +
		`"n1-or-null":{"additionalProperties":false,` + lamp + `"type":["object","null"]}},` +
		lamp + `"type":"object"}`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMissingDefinition(t *testing.T) {
	r := newResolver(map[string]map[string]any{"a": {"properties": map[string]any{"b": map[string]any{"$ref": "#/definitions/b"}}}}, nil)
	r.definition("a")
	if r.err == nil {
		t.Error("got no error")
	}
}

// schemaText gives the schema that a bundle made of r has for a kind.
func schemaText(t *testing.T, r schemas.Recipe, apiVersion, kind string) string {
	t.Helper()
	var bundle bytes.Buffer
	if err := schemas.Write(&bundle, r); err != nil {
		t.Fatal(err)
	}
	data, _, err := schemas.New(bundle.Bytes()).Schema(apiVersion, kind, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadCRDs(t *testing.T) {
	crd := `
kind: Namespace
apiVersion: v1
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: e.org
  names: {kind: Lamp}
  scope: Namespaced
  versions: [{name: v1, served: true, schema: {openAPIV3Schema: {type: object}}}, {name: v1alpha1, served: false}]
`
	dir := files(t, map[string]string{"a/crd.yaml": crd, "b/none.yaml": "kind: A\napiVersion: v1\n", "b/broken.yaml": "a: [\n"})
	entries, err := readCRDs(dir, []string{"a/*.yaml", "*/crd.yaml"}, schemas.Node{})
	if want := (schemas.Kind{Group: "e.org", Version: "v1", Kind: "Lamp", Scope: schemas.Namespaced}); err != nil || len(entries) != 1 || entries[0].Kind != want {
		t.Errorf("got %+v, %v, want %+v", entries, err, want)
	}
	for _, glob := range []string{"c/*.yaml", "b/none.yaml", "b/broken.yaml", "["} {
		if _, err := readCRDs(dir, []string{glob}, schemas.Node{}); err == nil {
			t.Errorf("glob %q: got no error", glob)
		}
	}
}

func TestSchemaOf(t *testing.T) {
	type inline struct {
		Name string `json:"name,omitempty"`
	}
	type outer struct {
		inline `json:",inline"`
		Names  []string         `json:"names"`
		Labels map[string]*bool `yaml:"labels"`
		Self   *outer           `json:"self"`
		Free   any              `json:"free"`
		Plain  float64
		Hidden int `json:"-"`
		secret int
	}
	got := reader{}.schemaOf(reflect.TypeFor[outer](), nil)
	want := map[string]any{"type": "object", "properties": map[string]any{
		"name":   map[string]any{"type": "string"},
		"names":  map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
		"labels": map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "boolean"}},
		"self":   map[string]any{"type": "object"},
		"free":   map[string]any{},
		"Plain":  map[string]any{"type": "number"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// sources.json and go.mod name the same versions of the modules whose types are read; every module has a sum.
func TestSources(t *testing.T) {
	sources, err := readSources("sources.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range sources {
		if s.Sum == "" {
			t.Errorf("%s has no sum", s)
		}
		if seen[s.String()] {
			t.Errorf("%s is there twice", s)
		}
		seen[s.String()] = true
		if typed[s.Module] != nil {
			if err := isLinked(s); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestRunErrors(t *testing.T) {
	dir := files(t, map[string]string{"none.json": "[]", "unknown.json": `[{"name": "a"}]`})
	for want, args := range map[int][][]string{
		2: {{"-flag"}},
		1: {{"-sources", filepath.Join(dir, "missing.json")}, {"-sources", filepath.Join(dir, "none.json")}, {"-sources", filepath.Join(dir, "unknown.json")}},
	} {
		for _, a := range args {
			var stdout, stderr bytes.Buffer
			if got := run(a, &stdout, &stderr); got != want || stderr.Len() == 0 || stdout.Len() > 0 {
				t.Errorf("%v: got status %d, stdout %q, stderr %q, want status %d", a, got, &stdout, &stderr, want)
			}
		}
	}
}
