package schema_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema"
	"github.com/gitopsgen/gitopsgen/schemas"
)

var both = map[string]bool{"schema/invalid": true, "schema/unknown-kind": true}

// checker gives a checker over the bundle of the program.
func checker(cacheDir string) *schema.Checker {
	return schema.New(schemas.Embedded(), cacheDir)
}

// parse reads the objects of a file as they stand in the repository.
func parse(t testing.TB, file, text string) []manifest.Resource {
	t.Helper()
	resources, problems := manifest.Parse(file, []byte(text))
	if len(problems) > 0 {
		t.Fatalf("parse %s: %v", file, problems)
	}
	return resources
}

// findings judges objects.
func findings(t testing.TB, c *schema.Checker, in linter.Input) []linter.Finding {
	t.Helper()
	if in.Judged == nil {
		in.Judged = both
	}
	found, err := c.Check(context.Background(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	return found.Findings
}

// lines writes findings as "line:column: message [rule]".
func lines(found []linter.Finding) []string {
	lines := make([]string, len(found))
	for i, f := range found {
		lines[i] = fmt.Sprintf("%d:%d: %s [%s]", f.Place.Line, f.Place.Column, f.Message, f.Rule)
	}
	return lines
}

// check gives the findings as lines.
func check(t testing.TB, c *schema.Checker, in linter.Input) []string {
	t.Helper()
	return lines(findings(t, c, in))
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: lamp
spec:
  %s
  selector:
    matchLabels: {app: lamp}
  template:
    metadata:
      labels: {app: lamp}
    spec:
      containers:
        - name: lamp
          image: lamp:1
          %s
`

// inDeployment gives a Deployment with a line in its spec (line 6) and one in its container (line 16).
func inDeployment(spec, container string) string { return fmt.Sprintf(deployment, spec, container) }

const namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: lights\n  %s\n"

// inNamespace gives a Namespace with a line in its metadata (line 5).
func inNamespace(metadata string) string { return fmt.Sprintf(namespace, metadata) }

// kubeconform tells its faults in random order; we do not.
func TestOrder(t *testing.T) {
	text := inDeployment("{replcas: 1, paused: 1, minReadySeconds: a, revisionHistoryLimit: b, tmplate: {}, selctor: {}, progressDeadlineSeconds: c}", "")
	text, _, _ = strings.Cut(strings.Replace(text, "spec:\n  ", "spec: ", 1), "\n  selector")
	in := linter.Input{Resources: parse(t, "a.yaml", text)}
	dir := t.TempDir()
	first := check(t, checker(dir), in)
	if len(first) < 7 {
		t.Errorf("got %v, want a finding of each field", first)
	}
	for range 10 {
		expect(t, check(t, checker(dir), in), first...)
	}
}

func TestFindingOfAChart(t *testing.T) {
	resources := parse(t, "a.yaml", inDeployment("replcas: 3", ""))
	chart := manifest.Origin{Chart: "lamp 1.0.0", Place: manifest.Place{File: "kustomization.yaml", Line: 7, Column: 3}}
	resources[0].Origin = chart
	found, err := checker("").Check(t.Context(), linter.NewView(linter.Input{Resources: resources, Judged: both}))
	if err != nil {
		t.Fatal(err)
	}
	want := []linter.Finding{{
		Rule:     "schema/invalid",
		Message:  `spec: unknown field "replcas" (did you mean "replicas"?)`,
		Place:    chart.Place,
		Resource: &resources[0],
		At:       manifest.Path{"spec", "replcas"},
		Named:    true,
		Detail:   "spec.replcas",
		Fix:      `rename the field to "replicas"`,
	}}
	if !reflect.DeepEqual(found.Findings, want) {
		t.Errorf("got %+v, want %+v", found.Findings, want)
	}
}

// An overlay for several clusters renders one file several times; its fault is one.
func TestOneFindingForSeveralClusters(t *testing.T) {
	dev := parse(t, "base/a.yaml", inDeployment("replicas: many", ""))
	prod := parse(t, "base/a.yaml", inDeployment("replicas: many", ""))
	dev[0].Origin.Cluster, prod[0].Origin.Cluster = "dev", "prod"
	expect(t, check(t, checker(""), linter.Input{Resources: append(dev, prod...)}),
		"6:13: spec.replicas: got string \"many\", want integer [schema/invalid]")
}

func TestUnknownKind(t *testing.T) {
	in := linter.Input{Resources: parse(t, "a.yaml", `
{apiVersion: toys.example.org/v1, kind: Robot, metadata: {name: a}}
---
{apiVersion: v1, kind: namespace, metadata: {name: a}}
---
{apiVersion: toys.example.org/v1, kind: Robot, metadata: {name: b}}
`)}
	expect(t, check(t, checker(""), in),
		"2:41: no schema for toys.example.org/v1 Robot, 2 objects are not judged [schema/unknown-kind]",
		`4:24: no schema for v1 namespace, 1 object is not judged (did you mean "Namespace"?) [schema/unknown-kind]`)
}

func TestJudgesOnlyWhatIsOn(t *testing.T) {
	in := linter.Input{Resources: parse(t, "a.yaml", inNamespace("nmae: a")+"---\n{apiVersion: v2, kind: Robot}\n")}
	in.Judged = map[string]bool{}
	expect(t, check(t, checker(""), in))
	in.Judged = map[string]bool{"schema/invalid": true}
	expect(t, check(t, checker(""), in), `5:3: metadata: unknown field "nmae" (did you mean "name"?) [schema/invalid]`)
	in.Judged = map[string]bool{"schema/unknown-kind": true}
	expect(t, check(t, checker(""), in), "7:24: no schema for v2 Robot, 1 object is not judged [schema/unknown-kind]")
}

func TestKubernetesVersions(t *testing.T) {
	kind := schemas.Kind{Version: "v1", Kind: "Lamp"}
	open := map[string]any{"type": "object"}
	var gz bytes.Buffer
	err := schemas.Write(&gz, schemas.Recipe{Metadata: open, Entries: []schemas.Entry{
		{Kind: kind, Kubernetes: "1.34", Node: map[string]any{"type": "object", "required": []any{"old"}}},
		{Kind: kind, Kubernetes: "1.36", Node: map[string]any{"type": "object", "required": []any{"new"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c := schema.New(schemas.New(gz.Bytes()), "")
	lamp := parse(t, "a.yaml", "{apiVersion: v1, kind: Lamp}")
	lamp[0].Origin.Cluster = "prod"
	for _, tt := range []struct{ kubernetes, prod, want string }{
		{"1.36", "", "new"},
		{"1.35", "", "old"},
		{"1.34", "1.37", "new"},
		{"1.36", "1.20", "old"},
	} {
		in := linter.Input{Resources: lamp, KubernetesVersion: tt.kubernetes}
		if tt.prod != "" {
			in.ClusterVersions = map[string]string{"prod": tt.prod}
		}
		expect(t, check(t, c, in), fmt.Sprintf("1:1: missing field %q [schema/invalid]", tt.want))
	}
}

// widgets gives the CustomResourceDefinition of Widget in toys.example.org/v1.
func widgets(properties string) string {
	return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.toys.example.org}
spec:
  group: toys.example.org
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {` + properties + `}}}
`
}

const widget = "apiVersion: toys.example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: large}\n"

func inCluster(cluster string, resources []manifest.Resource) []manifest.Resource {
	for i := range resources {
		resources[i].Origin.Cluster = cluster
	}
	return resources
}

func TestCustomResourceDefinitions(t *testing.T) {
	strict := parse(t, "crd.yaml", widgets("spec: {type: object, properties: {size: {type: integer}}}"))
	loose := parse(t, "crd.yaml", widgets("spec: {type: object, properties: {size: {type: string}}}"))
	objects := parse(t, "a.yaml", widget)
	wrong := "4:14: spec.size: got string \"large\", want integer [schema/invalid]"
	unknown := "2:7: no schema for toys.example.org/v1 Widget, 1 object is not judged [schema/unknown-kind]"
	for _, tt := range []struct {
		name      string
		resources []manifest.Resource
		want      []string
	}{
		{"of the same cluster", slices.Concat(inCluster("dev", slices.Clone(strict)), inCluster("dev", slices.Clone(objects))), []string{wrong}},
		{"of another cluster", slices.Concat(inCluster("dev", slices.Clone(strict)), inCluster("prod", slices.Clone(objects))), []string{unknown}},
		{"of no cluster", slices.Concat(slices.Clone(strict), inCluster("prod", slices.Clone(objects))), []string{wrong}},
		{"the cluster's own first", slices.Concat(slices.Clone(strict), inCluster("prod", slices.Clone(loose)), inCluster("prod", slices.Clone(objects))), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, check(t, checker(""), linter.Input{Resources: tt.resources}), tt.want...)
		})
	}
}

// What is wrong in a set's template is wrong in each Application that it makes.
func TestOneFindingForASetAndItsApplications(t *testing.T) {
	set := parse(t, "a.yaml", `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: a}
spec:
  generators: [{list: {elements: [{name: b}]}}]
  template:
    metadata: {name: '{{name}}'}
    spec: {project: home, destination: {}, syncpolicy: {}}
`)
	made := parse(t, "b.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: b}\nspec: {project: home, destination: {}, syncpolicy: {}, info: a}\n")
	made[0].Origin = manifest.Origin{Set: &manifest.Set{Name: "a"}, Place: set[0].Place(), Document: set[0].Origin.Document.At("spec", "template")}
	expect(t, check(t, checker(""), linter.Input{Resources: append(set, made...)}),
		`8:44: spec.template.spec: unknown field "syncpolicy" (did you mean "syncPolicy"?) [schema/invalid]`,
		`8:5: spec.info: got string "a", want array [schema/invalid]`)
}

func TestVersionThatIsNotServed(t *testing.T) {
	text := widgets("") + "---\n" + strings.Replace(widget, "/v1", "/v2", 1)
	expect(t, check(t, checker(""), linter.Input{Resources: parse(t, "a.yaml", text)}),
		`14:13: no schema for toys.example.org/v2 Widget, 1 object is not judged: its CustomResourceDefinition does not serve v2 `+
			`(did you mean "toys.example.org/v1"?) [schema/unknown-kind]`)
}

func TestDefinitionThatDoesNotCompile(t *testing.T) {
	text := widgets("spec: {type: object, properties: {size: {type: string, pattern: '('}}}") + "---\n" + widget
	expect(t, check(t, checker(""), linter.Input{Resources: parse(t, "a.yaml", text)}),
		"8:3: spec.versions: the schema of v1 is no valid schema, 1 object is not judged [schema/invalid]")
}

func TestAlternatives(t *testing.T) {
	for _, tt := range []struct{ schema, spec, want string }{
		{"oneOf: [{required: [a]}, {required: [b]}], properties: {a: {type: string}, b: {type: string}}", "{}",
			`spec: missing one of the fields "a", "b"`},
		{"oneOf: [{required: [a]}, {required: [b]}], properties: {a: {type: string}, b: {type: string}}", "{a: x, b: x}",
			`spec: has "a" and "b", want only one of them`},
		{"allOf: [{oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]}], properties: {a: {type: string}, b: {type: string}}", "{a: x, b: x}",
			`spec: has "a" and "b", want only one of them`},
		{"oneOf: [{properties: {a: {minLength: 1}}}, {properties: {a: {maxLength: 3}}}], properties: {a: {type: string}}", "{a: x}",
			"spec: fits more than one alternative, want exactly one"},
		{"anyOf: [{required: [a]}, {properties: {a: {enum: [x]}}, required: [a]}], properties: {a: {type: string}}", "{}", `spec: missing field "a"`},
		{"anyOf: [{required: [a, b]}, {required: [c]}], properties: {a: {type: string}, b: {type: string}, c: {type: string}}", "{a: x}",
			`spec: missing one of the fields "b", "c"`},
		{"not: {required: [a, b]}, properties: {a: {type: string}, b: {type: string}}", "{a: x, b: x}",
			`spec: has "a" and "b", which must not be there together`},
		{"not: {required: [a]}, properties: {a: {type: string}}", "{a: x}",
			"spec: has fields or values that must not be there together"},
		{"allOf: [{required: [a]}], properties: {a: {type: string}}", "{}", `spec: missing field "a"`},
		{"minProperties: 2, x-kubernetes-preserve-unknown-fields: true", "{a: 1}", "spec: got 1 field, want at least 2"},
		{"properties: {a: {type: string, minLength: 3}}", "{a: ab}", "spec.a: got 2 characters, want at least 3"},
		{"properties: {a: {type: string, pattern: '^[a-z]+$'}}", "{a: A1}", `spec.a: got "A1", want it to match ^[a-z]+$`},
		{"properties: {a: {type: string, format: duration}}", "{a: 5 apples}", `spec.a: got "5 apples", want a duration such as "1h30m"`},
		{"properties: {a: {type: string, format: ipv4}}", "{a: x}", `spec.a: got "x", want format ipv4: expected four decimals`},
		{"properties: {a: {type: array, items: {type: string}, x-kubernetes-list-type: set}}", "{a: [x, z, x]}", `spec.a[2]: repeats "x" of item 0`},
		{"properties: {a: {type: integer, enum: [1, 2]}}", "{a: 3}", "spec.a: got 3, want 1, 2"},
		{"properties: {a: {type: string, allOf: [{enum: [x, w]}, {enum: [x, w]}]}}", "{a: z}", `spec.a: got "z", want "x", "w"`},
		{"properties: {a: {type: number, minimum: 0.5, exclusiveMinimum: true}}", "{a: 0.5}", "spec.a: got 0.5, want more than 0.5"},
	} {
		crd := widgets("spec: {type: object, " + tt.schema + "}")
		object := "apiVersion: toys.example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec: " + tt.spec + "\n"
		found, err := checker("").Check(t.Context(), linter.NewView(linter.Input{Resources: parse(t, "a.yaml", crd+"---\n"+object), Judged: both}))
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Findings) != 1 || found.Findings[0].Message != tt.want {
			t.Errorf("%s\n%s: got %+v, want %s", tt.schema, tt.spec, found.Findings, tt.want)
		}
	}
}

// kubeconform passes over schemas that it cannot compile; it must never do so with one of ours. Each version of Kubernetes has a
// cluster, so that kinds whose schema is the same in several are compiled once.
func TestEveryKindCompiles(t *testing.T) {
	b := schemas.Embedded()
	kinds, err := b.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	versions, err := b.Kubernetes()
	if err != nil {
		t.Fatal(err)
	}
	in := linter.Input{ClusterVersions: map[string]string{}, Judged: both}
	left := map[string]bool{}
	for _, k := range kinds {
		left[k.APIVersion()+" "+k.Kind] = true
	}
	for _, version := range versions {
		in.ClusterVersions[version] = version
		served, err := b.Served(version)
		if err != nil {
			t.Fatal(err)
		}
		for apiVersion, kind := range served {
			delete(left, apiVersion+" "+kind)
			in.Resources = append(in.Resources, inCluster(version, bare(apiVersion, kind))...)
		}
	}
	found, err := schema.New(b, t.TempDir()).Check(t.Context(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found.Findings {
		if f.Rule == "schema/unknown-kind" {
			t.Error(f.Message)
		}
	}
	if len(left) > 0 {
		t.Errorf("no version of Kubernetes serves %v", left)
	}
}

// bare gives an object of a kind with nothing in it.
func bare(apiVersion, kind string) []manifest.Resource {
	object := map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "a"}}
	return []manifest.Resource{{ID: manifest.NewID(object), Object: object}}
}

// broken has one schema for all kinds, which is none.
type broken struct{ schema.Source }

func (broken) Schema(string, string, string) ([]byte, bool, error) {
	return []byte(`{"required":[]}`), true, nil
}

func TestSchemaThatDoesNotCompileIsAFailure(t *testing.T) {
	_, err := schema.New(broken{schemas.Embedded()}, "").Check(t.Context(), linter.NewView(linter.Input{Resources: parse(t, "a.yaml", inNamespace("")), Judged: both}))
	if err == nil || err.Error() != "schema of v1 Namespace: the schema does not compile" {
		t.Errorf("got error %v", err)
	}
}

func TestCacheDir(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, t.TempDir(), filepath.Join(t.TempDir(), "new", "a b", "ü"), filepath.Join(t.TempDir(), "a#b"), filepath.Join(t.TempDir(), "a%b"), filepath.Join(t.TempDir(), "{{"), filepath.Join(t.TempDir(), "a'b")} {
		temporary := t.TempDir()
		t.Setenv("TMPDIR", temporary)
		for range 2 {
			expect(t, check(t, checker(dir), linter.Input{Resources: parse(t, "a.yaml", inNamespace("nmae: a"))}),
				`5:3: metadata: unknown field "nmae" (did you mean "name"?) [schema/invalid]`)
		}
		left, err := os.ReadDir(temporary)
		if err != nil || len(left) > 0 {
			t.Errorf("cache %q: left %v in the temporary folder, %v", dir, left, err)
		}
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := checker("").Check(ctx, linter.NewView(linter.Input{Resources: parse(t, "a.yaml", inNamespace("")), Judged: both}))
	if err == nil {
		t.Error("got no error")
	}
}
