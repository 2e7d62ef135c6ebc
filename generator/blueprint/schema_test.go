package blueprint_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestJSONSchemaAgreesWithRead holds what editors judge by against what Read does.
func TestJSONSchemaAgreesWithRead(t *testing.T) {
	text, err := jsonschema.UnmarshalJSON(bytes.NewReader(blueprint.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("spec.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("spec.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		// good is Read's answer, lax says that only a program can see the mistake.
		good, lax bool
	}{
		{text: head, good: true},
		{text: head + "name: acme\ntier: medium\ndomain: acme.org\nkubernetesVersion: '1.36'\nblueprint: ./a/my.jsonnet\n", good: true},
		{text: head + "repository: {url: 'ssh://git@a.org/x.git', branch: main}\n", good: true},
		{text: head + "clusters: [{name: a, nodes: [{name: k, roles: [worker], address: 10.0.0.1}], networks: {node: 10.0.0.0/8, loadBalancer: [10.1.0.0/16], virtualIP: 'fd00::1'}}]\n", good: true},
		{text: head + "capabilities: {dns: none, ingress: {external: {by: a, reason: b, facts: {c: [d]}}}}\n", good: true},
		{text: head + "components: {a: {enabled: false, params: {b: 1}, values: {c: null}}}\n", good: true},
		{text: head + "registries: {trusted: [ghcr.io/]}\nlint: {severity: {a/b: 3}, params: {a/b: {c: 1}}}\n"},
		{text: head + "registries: {trusted: [ghcr.io/]}\nlint: {severity: {a/b: 'off'}, params: {a/b: {c: 1}}}\n", good: true},

		{text: "name: acme\n"},
		{text: "apiVersion: v1\n"},
		{text: "apiVersion: gitopsgen/v2\n", lax: true},
		{text: head + "nam: acme\n"},
		{text: head + "name: Acme\n"},
		{text: head + "name: 1\n"},
		{text: head + "name:\n"},
		{text: head + "tier: huge\n"},
		{text: head + "domain: a_b\n"},
		{text: head + "kubernetesVersion: 1.36\n"},
		{text: head + "kubernetesVersion: '1.99'\n"},
		{text: head + "blueprint: my.libsonnet\n"},
		{text: head + "blueprint: ../my.jsonnet\n", lax: true},
		{text: head + "repository: acme\n"},
		{text: head + "repository: {url: acme}\n"},
		{text: head + "repository: {url: 'https://a:b@c.org/d'}\n", lax: true},
		{text: head + "clusters: {name: a}\n"},
		{text: head + "clusters: [{server: 'https://a'}]\n"},
		{text: head + "clusters: [{name: a}, {name: b}]\n", lax: true},
		{text: head + "clusters: [{name: a, nodes: [{name: k, roles: [boss]}]}]\n"},
		{text: head + "clusters: [{name: a, networks: {pod: a}}]\n"},
		{text: head + "clusters: [{name: a, networks: {pod: 10.0.0.1/8}}]\n", lax: true},
		{text: head + "clusters: [{name: a, networks: {loadBalancer: 10.0.0.0/8}}]\n"},
		{text: head + "capabilities: {dns: 1}\n"},
		{text: head + "capabilities: {dns: {}}\n"},
		{text: head + "capabilities: {dns: {external: {by: a}}}\n"},
		{text: head + "capabilities: {dns: {external: {by: a, reason: b}, option: c}}\n"},
		{text: head + "components: {a: {enabled: 1}}\n"},
		{text: head + "components: {a: {param: {}}}\n"},
		{text: head + "components: {a: {params: []}}\n"},
		{text: head + "registries: {trusted: [ghcr.io]}\n"},
		{text: head + "lint: {severity: {a/b: fatal}}\n"},
	} {
		_, err := blueprint.Read("gitopsgen.yaml", []byte(c.text))
		if (err == nil) != c.good {
			t.Errorf("%s\nRead: got %v, want good %t", c.text, err, c.good)
		}
		value, err := manifest.Value(content(t, []byte(c.text)))
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); (err == nil) != (c.good || c.lax) {
			t.Errorf("%s\nJSON Schema: got %v, want good %t", c.text, err, c.good || c.lax)
		}
	}
}

func TestJSONSchemaIsTheSameOnEveryCall(t *testing.T) {
	first := blueprint.JSONSchema()
	for range 20 {
		if !bytes.Equal(first, blueprint.JSONSchema()) {
			t.Fatal("got other bytes on another call")
		}
	}
}

// content gives the only document of a text.
func content(t *testing.T, text []byte) *yaml.Node {
	t.Helper()
	docs, problems := manifest.Documents("spec", text)
	if len(docs) != 1 || len(problems) > 0 {
		t.Fatalf("%s\n%d documents, %v", text, len(docs), problems)
	}
	return docs[0]
}
