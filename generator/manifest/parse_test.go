package manifest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name string
		in   string
		// objects are "kind name line:column", problems "line:column message".
		objects, problems string
	}{
		{"nothing", "", "", ""},
		{"comments only", "# one\n---\n# two\n", "", ""},
		{"one", "kind: A\napiVersion: v1\nmetadata: {name: x}\n", "A x 1:1", ""},
		{"no object", "a: 1\n---\n- kind: A\n---\ntext\n", "", ""},
		{"no apiVersion", "kind: A\n", "", ""},
		{"many", "# c\n---\napiVersion: v1\nkind: A\n---\n---\n# c\napiVersion: v1\nkind: B\n...\n", "A  3:1, B  8:1", ""},
		{"CRLF", "apiVersion: v1\r\nkind: A\r\n---\r\napiVersion: v1\r\nkind: B\r\n", "A  1:1, B  4:1", ""},
		{"JSON", "{\"apiVersion\": \"v1\",\n\t\"kind\": \"A\", \"a\": [1, 2.5, null, true, \"\\u00e9\"]}\n", "A  1:1", ""},
		{"indented", "  apiVersion: v1\n  kind: A\n", "A  1:3", ""},
		{"the last of doubles wins", "apiVersion: v1\nkind: A\nkind: B\n", "B  1:1", `3:1 key "kind" stands on line 2 already`},
		{"double below a list", "apiVersion: v1\nkind: A\na:\n- {b: 1,\n   b: 2}\n", "A  1:1", `5:4 key "b" stands on line 4 already`},
		{"a tab", "apiVersion: v1\nkind: A\n\tb: 1\n", "", "2:1 not YAML: found a tab character that violates indentation"},
		{"what stands before an error", "apiVersion: v1\nkind: A\n---\na: b: c\n", "A  1:1", "4:1 not YAML: mapping values are not allowed in this context"},
		{"open quote", "kind: \"a\n", "", "1:1 not YAML: found unexpected end of stream"},
		{"control characters", "kind: \x01\n", "", "1:1 not YAML: control characters are not allowed"},
		{"no UTF-8", "kind: \xff\n", "", "1:7 not YAML: invalid leading UTF-8 octet"},
		{"no number", "apiVersion: v1\nkind: A\nx: .nan\n", "", "3:4 JSON has no number that is infinite or none"},
		{"odd key", "apiVersion: v1\nkind: A\nx: {[a]: 1}\n", "", "3:5 a mapping key must be a string"},
		{"null key", "apiVersion: v1\nkind: A\n~: 1\n", "", "3:1 a mapping key must be a string"},
		{"odd merge", "apiVersion: v1\nkind: A\n<<: 1\n", "", `3:5 "<<" takes a mapping, or a list of mappings`},
		{"unknown alias", "kind: *a\n", "", "1:1 not YAML: unknown anchor 'a' referenced"},
		{"an alias of itself", "apiVersion: v1\nkind: A\na: &a [*a]\n", "", "3:4 nested more than 1000 levels deep"},
		{"too deep", "apiVersion: v1\nkind: A\na: " + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + "\n", "", "3:1004 nested more than 1000 levels deep"},
		{"aliases that double", "apiVersion: v1\nkind: A\n" + bomb(30), "", "5:15 aliases expand to more than 100000 nodes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			resources, problems := manifest.Parse("f.yaml", []byte(test.in))
			var objects, told []string
			for _, r := range resources {
				objects = append(objects, fmt.Sprintf("%s %s %d:%d", r.ID.Kind, r.ID.Name, r.Origin.Place.Line, r.Origin.Place.Column))
			}
			for _, p := range problems {
				told = append(told, fmt.Sprintf("%d:%d %s", p.Place.Line, p.Place.Column, p.Message))
			}
			if got := strings.Join(objects, ", "); got != test.objects {
				t.Errorf("got objects %q, want %q", got, test.objects)
			}
			if got := strings.Join(told, ", "); got != test.problems {
				t.Errorf("got problems %q, want %q", got, test.problems)
			}
		})
	}
}

// bomb is a mapping in which each of n lists holds the one before it twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "a%d: &a%[1]d [*a%d, *a%[2]d]\n", i, i-1)
	}
	return b.String()
}

// TestValue compares with the library by which Kubernetes and Argo CD read YAML.
func TestValue(t *testing.T) {
	for _, in := range []string{
		"[yes, Yes, no, NO, on, Off, y, N, true, True, TRUE, false]",
		"['yes', \"no\", yess, \"true\"]",
		"[~, null, Null, '', 'null']",
		"[0, -1, +1, 0644, 0o644, 0x1F, 0b101, 1_000, 08, 9223372036854775807, -9223372036854775808]",
		"[9223372036854775808, 18446744073709551615, 100000000000000000000]",
		"[1.0, 1.5, 1e3, 1e18, 1e20, 1e21, 1e-7, .5, 5., -0.0, 123456789.125]",
		"[1:30, 1.2.3, 2001-01-01, 2001-01-01T01:02:03Z, 1.2e, 0x, '1']",
		"[!!str yes, !!str 1, !!int '3', !!float 1, !!bool 'true', !!binary aGVsbG8=]",
		"{yes: a, 1: b, 1.5: c, true: d, on: e, 'no': f}",
		"{a: &x {b: 1, c: 2}, d: {<<: *x, c: 3}, e: {c: 4, <<: *x}}",
		"{a: &x {b: 1}, y: &y {b: 2, c: 2}, d: {<<: [*x, *y]}, e: *x}",
		"{a: {!!merge b: {c: 1}}, d: {!!merge <<: {e: 1}}, f: {\"<<\": {g: 1}}, h: {!!merge \"<<\": {i: 1}}}",
		"{a: {! <<: {b: 1}}, c: {!!str <<: {d: 1}}, e: {!foo <<: {f: 1}}, g: &x <<, h: {*x : {i: 1}}}",
		"{a: {!<tag:yaml.org,2002:merge> <<: {b: 1}}, c: {!<tag:yaml.org,2002:merge> d: {e: 1}}, !!merge f: g}",
		"!!null {a: !!null {b: c}, d: !!str [e], f: !!map g, !!set h: i}",
		"a: |\n  one\n  two\nb: >-\n  one\n  two\nc: |+\n  one\n\n",
		"a:\n- b\n-\n- []\n- {}\nc:\n",
		"plain text\n",
		"\"\\u00e9\\x41\\t\"\n",
	} {
		text, err := sigs.YAMLToJSON([]byte(in))
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		docs, problems := manifest.Documents("f.yaml", []byte(in))
		if len(docs) != 1 || len(problems) > 0 {
			t.Fatalf("%s: got %d documents and problems %v", in, len(docs), problems)
		}
		got, err := manifest.Value(docs[0])
		if err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if want := fromJSON(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %#v\nwant %#v", in, got, want)
		}
	}
}

// fromJSON reads JSON as Kubernetes does: whole numbers are int64 where they fit.
func fromJSON(t *testing.T, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return numbers(v)
}

func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		if shaped, err := manifest.Shape(f); err == nil {
			return shaped
		}
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

const lamp = `apiVersion: v1
kind: Lamp
metadata:
  name: lamp
spec:
  bulbs:
  - name: left
    watt: 5
  - {name: right, watt: 7}
  colour: &c
    red: 1
  shade:
    <<: *c
    on: yes
  other: *c
`

func TestFind(t *testing.T) {
	resources, problems := manifest.Parse("f.yaml", []byte(lamp))
	if len(resources) != 1 || len(problems) > 0 {
		t.Fatalf("got %v, %v", resources, problems)
	}
	for _, test := range []struct {
		path []any
		// value is where Find leads, key where FindKey does.
		value, key string
	}{
		{nil, "1:1", "1:1"},
		{[]any{"kind"}, "2:7", "2:1"},
		{[]any{"metadata"}, "3:1", "3:1"},
		{[]any{"metadata", "name"}, "4:9", "4:3"},
		{[]any{"metadata", "namespace"}, "3:1", "3:1"},
		{[]any{"metadata", "namespace", "x"}, "3:1", "3:1"},
		{[]any{"metadata", "name", "x"}, "4:9", "4:9"},
		{[]any{"spec", "bulbs"}, "6:3", "6:3"},
		{[]any{"spec", "bulbs", 0}, "7:5", "7:5"},
		{[]any{"spec", "bulbs", 0, "watt"}, "8:11", "8:5"},
		{[]any{"spec", "bulbs", 1, "watt"}, "9:25", "9:19"},
		{[]any{"spec", "bulbs", 2, "watt"}, "6:3", "6:3"},
		{[]any{"spec", "bulbs", -1}, "6:3", "6:3"},
		{[]any{"spec", "bulbs", "0"}, "6:3", "6:3"},
		{[]any{"spec", "shade", "red"}, "11:10", "11:5"},
		{[]any{"spec", "shade", "true"}, "14:9", "14:5"},
		{[]any{"spec", "other", "red"}, "11:10", "11:5"},
	} {
		for kind, find := range map[string]func(*yaml.Node, ...any) *yaml.Node{"Find": manifest.Find, "FindKey": manifest.FindKey} {
			want := test.value
			if kind == "FindKey" {
				want = test.key
			}
			n := find(resources[0].Origin.Document.Node(), test.path...)
			if got := fmt.Sprintf("%d:%d", n.Line, n.Column); got != want {
				t.Errorf("%s(%v): got %s, want %s", kind, test.path, got, want)
			}
		}
		if got := resources[0].Place(test.path...); fmt.Sprintf("f.yaml %s", test.value) != fmt.Sprintf("%s %d:%d", got.File, got.Line, got.Column) {
			t.Errorf("Place(%v): got %v, want %s", test.path, got, test.value)
		}
	}
}

func TestField(t *testing.T) {
	docs, _ := manifest.Documents("f.yaml", []byte(lamp+"kind: Last\n"))
	if got := manifest.Field(docs[0], "kind"); got == nil || got.Value != "Last" {
		t.Errorf("got %v, want the last of two", got)
	}
	if got := manifest.Field(docs[0], "spec", "none"); got != nil {
		t.Errorf("got %v, want nil", got)
	}
}

func TestPlaceOfChart(t *testing.T) {
	want := manifest.Place{File: "kustomization.yaml", Line: 3, Column: 5}
	r := manifest.Resource{Origin: manifest.Origin{Chart: "lamp 1.0.0", Place: want}}
	if got := r.Place("spec", "replicas"); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]string{
		`{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "b"}}`: "apps/v1 Deployment b/a",
		`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}`:                         "v1 Namespace a",
		`{"apiVersion": 1, "kind": [], "metadata": "x"}`:                                               " ",
		`{"apiVersion": "v1", "kind": "Namespace"}`:                                                    "v1 Namespace",
	} {
		id := manifest.NewID(fromJSON(t, []byte(in)).(map[string]any))
		if got := id.APIVersion() + " " + id.String(); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	values := map[string]any{"a": map[string]any{"b": int64(1), "c": int64(2)}, "d": []any{int64(1)}, "e": int64(1)}
	over := map[string]any{"a": map[string]any{"b": int64(3)}, "d": []any{}, "e": map[string]any{}}
	want := map[string]any{"a": map[string]any{"b": int64(3), "c": int64(2)}, "d": []any{}, "e": map[string]any{}}
	if got := manifest.Merge(values, over); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if b := values["a"].(map[string]any)["b"]; b != int64(1) {
		t.Errorf("got %v below the values, want them unchanged", b)
	}
}

// FuzzParse states that Parse never panics, that every position is inside the file, and that parsing what was parsed
// and written again gives equal objects.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		lamp, bomb(5), "apiVersion: v1\nkind: A\nkind: B\n", "apiVersion: v1\r\nkind: A\r\n---\r\n# x\r\n---\r\napiVersion: v1\r\nkind: B",
		`{"apiVersion": "v1", "kind": "A", "a": [1, 2.5, null, true, "\u00e9"]}`, "apiVersion: v1\nkind: A\nx: !!binary /w==\ny: !!str yes\n",
		"apiVersion: v1\nkind: A\na: |+\n  x\n\nb: >\n  y\n? [c]\n: d\n", "a: &a [*a]", "apiVersion: v1\nkind: A\nx: 2001-01-01\ny: 1_0\nz: .5e3\nw:\n",
		"\ufeffapiVersion: v1\nkind: A", "apiVersion: v1\nkind: A\n? q", "%YAML 1.1\n---\napiVersion: v1\nkind: A\n...\n", "\tx", "a: \"\n", "--- !a\n", "- - - -",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		resources, problems := manifest.Parse("f.yaml", data)
		last := 1
		for _, r := range strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) { // what ends a line in YAML
				last++
			}
		}
		inside := func(p manifest.Place) {
			if p.File != "f.yaml" || p.Line < 1 || p.Line > last || p.Column < 1 {
				t.Errorf("place %v: want one in %d lines", p, last)
			}
		}
		for _, p := range problems {
			inside(p.Place)
		}
		for _, r := range resources {
			inside(r.Place())
			for key := range r.Object {
				inside(r.Place(key))
			}
			var text bytes.Buffer
			if err := escape.YAML(&text, r.Object); err != nil {
				t.Fatal(err)
			}
			again, told := manifest.Parse("again.yaml", text.Bytes())
			if len(again) != 1 || len(told) > 0 {
				t.Fatalf("written again:\n%s\ngot %d objects and problems %v", &text, len(again), told)
			}
			if !reflect.DeepEqual(again[0].Object, r.Object) {
				t.Errorf("written again:\n%s\n got %#v\nwant %#v", &text, again[0].Object, r.Object)
			}
		}
	})
}

// TestAt states that a file is the same at another path as if it were read there.
func TestAt(t *testing.T) {
	for _, text := range []string{"", "kind: Pod\napiVersion: v1\nkind: Pod\n---\nkind: Pod\n---\n- a\n", "a: [\n", "kind: List\napiVersion: v1\nitems: [{kind: Pod, apiVersion: v1}]\n"} {
		got, want := manifest.ReadFile("a.yaml", []byte(text)).At("b/c.yaml"), manifest.ReadFile("b/c.yaml", []byte(text))
		for i := range want.Resources {
			is, was := &got.Resources[i].Origin.Document, &want.Resources[i].Origin.Document
			if !reflect.DeepEqual((*is).Node(), (*was).Node()) {
				t.Errorf("%q: got other nodes", text)
			}
			*is, *was = nil, nil
		}
		if !reflect.DeepEqual([]any{got.Resources, got.Strays, got.Problems}, []any{want.Resources, want.Strays, want.Problems}) {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}
