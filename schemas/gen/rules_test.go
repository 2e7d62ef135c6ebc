//go:build modules

package main

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/schema/structural"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// TestRules states that the rules of every kind of the bundle are judged as the API server's own code judges them, its defaults
// filled in, by objects that are made up. It needs all modules, so the tag modules asks for it.
func TestRules(t *testing.T) {
	sources, err := readSources("sources.json")
	if err != nil {
		t.Fatal(err)
	}
	c := comparison{T: t, random: rand.New(rand.NewPCG(1, 2))}
	for _, s := range sources {
		if len(s.CRDs) == 0 {
			continue
		}
		dir, err := s.fetch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, glob := range s.CRDs {
			files, _ := filepath.Glob(filepath.Join(dir, glob))
			for _, file := range files {
				c.file(file)
			}
		}
	}
	t.Logf("%d kinds with rules, %d objects, %d rules broken, %d objects apart", c.kinds, c.objects, c.broken, c.apart)
	if c.kinds < 100 || c.broken < 1000 {
		t.Error("want rules to be broken")
	}
}

type comparison struct {
	*testing.T
	random                        *rand.Rand
	kinds, objects, broken, apart int
}

func (c *comparison) file(file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		c.Fatal(err)
	}
	objects, _ := manifest.Parse(filepath.Base(file), withoutTemplates(data))
	for _, o := range objects {
		if o.ID.Kind != "CustomResourceDefinition" {
			continue
		}
		text, err := json.Marshal(o.Object)
		if err != nil {
			c.Fatal(err)
		}
		var crd apiextensionsv1.CustomResourceDefinition
		if err := json.Unmarshal(text, &crd); err != nil {
			c.Fatalf("%s: %v", file, err)
		}
		for _, v := range crd.Spec.Versions {
			if v.Served && v.Schema != nil && strings.Contains(string(text), "x-kubernetes-validations") {
				c.version(o.Object, v)
			}
		}
	}
}

func (c *comparison) version(crd map[string]any, v apiextensionsv1.CustomResourceDefinitionVersion) {
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, &internal, nil); err != nil {
		c.Fatal(err)
	}
	theirs, err := schema.NewStructural(&internal)
	if err != nil {
		c.Fatal(err)
	}
	validator := cel.NewValidator(theirs, true, celconfig.PerCallLimit)
	if validator == nil {
		return
	}
	data, found, err := schemas.Embedded().Custom(crd, v.Name)
	if err != nil || !found {
		c.Fatal(found, err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		c.Fatal(err)
	}
	ours := structural.Read(root)
	c.kinds++
	for range 300 {
		object, _ := c.value(theirs, 0).(map[string]any)
		object["metadata"] = map[string]any{"name": "a"}
		c.compare(object, theirs, validator, ours)
	}
}

func (c *comparison) compare(object map[string]any, theirs *schema.Structural, validator *cel.Validator, ours *structural.Schema) {
	c.objects++
	before, _ := json.Marshal(object)
	var broken []structural.Broken
	if ours != nil { // else only the status has rules
		var err error
		if broken, err = ours.Broken(context.Background(), ours.Fill(object)); err != nil {
			c.Fatal(err)
		}
	}
	if after, _ := json.Marshal(object); string(after) != string(before) {
		c.Fatal("the object changed")
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object, theirs)
	defaulting.Default(object, theirs)
	want, _ := validator.Validate(context.Background(), nil, theirs, object, nil, celconfig.RuntimeCELCostBudget)
	var got, wanted []string
	for _, b := range broken {
		got = append(got, plain.Replace(b.Path.String()))
	}
	for _, e := range want {
		wanted = append(wanted, plain.Replace(e.Field))
	}
	slices.Sort(got)
	slices.Sort(wanted)
	c.broken += len(wanted)
	if !slices.Equal(got, wanted) && c.apart < 20 {
		c.apart++
		c.Errorf("%s\ngot %v\n%v\nwant %v", before, got, broken, want)
	}
}

// plain writes a path as both write it.
var plain = strings.NewReplacer(`["`, ".", `"]`, "", "[", ".", "]", "", "<nil>", "")

// value makes up a value of a schema.
func (c *comparison) value(s *schema.Structural, depth int) any {
	if s.ValueValidation != nil && len(s.ValueValidation.Enum) > 0 && c.random.IntN(8) > 0 {
		return s.ValueValidation.Enum[c.random.IntN(len(s.ValueValidation.Enum))].Object
	}
	switch {
	case s.XIntOrString && c.random.IntN(2) == 0:
		return int64(c.random.IntN(3))
	case s.XIntOrString:
		return c.text()
	case s.Type == "object":
		return c.object(s, depth)
	case s.Type == "array":
		list := []any{}
		for range c.random.IntN(3) {
			if s.Items != nil && depth < 10 {
				list = append(list, c.value(s.Items, depth+1))
			}
		}
		return list
	case s.Type == "integer":
		return int64(c.random.IntN(4))
	case s.Type == "number":
		return float64(c.random.IntN(4)) / 2
	case s.Type == "boolean":
		return c.random.IntN(2) == 0
	case s.ValueValidation != nil && s.ValueValidation.Format == "date-time":
		return "2026-01-02T15:04:05Z"
	case s.ValueValidation != nil && s.ValueValidation.Format == "byte":
		return "YQ=="
	case s.ValueValidation != nil && s.ValueValidation.Format == "duration":
		return "10s"
	}
	return c.text()
}

func (c *comparison) object(s *schema.Structural, depth int) map[string]any {
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		required := s.ValueValidation != nil && slices.Contains(s.ValueValidation.Required, name)
		if name == "status" || depth > 10 || !required && c.random.IntN(1+min(3, len(s.Properties))) > 0 {
			continue
		}
		object[name] = c.value(&p, depth+1)
		if c.random.IntN(20) == 0 && !required {
			object[name] = nil
		}
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Structural != nil {
		for range c.random.IntN(3) {
			object[c.text()] = c.value(s.AdditionalProperties.Structural, depth+1)
		}
	}
	return object
}

func (c *comparison) text() string {
	words := []string{"", "a", "b", "10s", "1h", "HTTP", "HTTPS", "TCP", "10.0.0.1", "10.0.0.0/8", "fd00::1", "example.org", "*.example.org", "https://example.org", "1Gi", "Service", "gateway.networking.k8s.io", "/a", "true"}
	return words[c.random.IntN(len(words))]
}
