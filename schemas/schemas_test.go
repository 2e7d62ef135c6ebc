package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestKinds(t *testing.T) {
	kinds, err := Embedded().Kinds()
	if err != nil {
		t.Fatal(err)
	}
	sorted := slices.IsSortedFunc(kinds, func(a, b Kind) int { return compareEntries(Entry{Kind: a}, Entry{Kind: b}) })
	if !sorted {
		t.Error("kinds are not sorted")
	}
	for _, want := range []Kind{
		{"apps", "v1", "Deployment", Namespaced},
		{"", "v1", "Namespace", Cluster},
		{"argoproj.io", "v1alpha1", "ApplicationSet", Namespaced},
		{"cert-manager.io", "v1", "ClusterIssuer", Cluster},
		{"kustomize.config.k8s.io", "v1beta1", "Kustomization", NoScope},
	} {
		if !slices.Contains(kinds, want) {
			t.Errorf("%+v is not there", want)
		}
	}
}

// Each kind has a schema that is an object's, and whose references all lead to a definition.
func TestEverySchema(t *testing.T) {
	b := Embedded()
	kinds, err := b.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	versions, err := b.Kubernetes()
	if err != nil {
		t.Fatal(err)
	}
	found := map[Kind]bool{}
	for _, version := range versions {
		for _, k := range kinds {
			data, ok, err := b.Schema(k.APIVersion(), k.Kind, version)
			if err != nil {
				t.Fatalf("%+v: %v", k, err)
			}
			if !ok {
				continue
			}
			found[k] = true
			var root Node
			if err := json.Unmarshal(data, &root); err != nil {
				t.Fatalf("%+v: %v", k, err)
			}
			checkReferences(t, k, root, root)
		}
	}
	if len(found) != len(kinds) {
		t.Errorf("got schemas of %d kinds, want %d", len(found), len(kinds))
	}
}

func checkReferences(t *testing.T, k Kind, root Node, v any) {
	t.Helper()
	switch v := v.(type) {
	case Node:
		if ref, ok := v["$ref"].(string); ok {
			definitions, _ := root["definitions"].(Node)
			if _, ok := definitions[strings.TrimPrefix(ref, "#/definitions/")].(Node); !ok {
				t.Errorf("%+v: %s leads nowhere", k, ref)
			}
		}
		for _, x := range v {
			checkReferences(t, k, root, x)
		}
	case []any:
		for _, x := range v {
			checkReferences(t, k, root, x)
		}
	}
}

func TestSchemaAtOnce(t *testing.T) {
	b := Embedded()
	want, _, err := Embedded().Schema("apps/v1", "Deployment", "")
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			if got, found, err := b.Schema("apps/v1", "Deployment", ""); err != nil || !found || !bytes.Equal(got, want) {
				t.Errorf("got %d bytes, %v, %v, want %d", len(got), found, err, len(want))
			}
		})
	}
	readers.Wait()
}

func TestSchemaNotFound(t *testing.T) {
	for _, k := range []Kind{{"apps", "v1beta1", "Deployment", ""}, {"", "v1", "Deployment", ""}, {"", "v1", "namespace", ""}} {
		if _, found, err := Embedded().Schema(k.APIVersion(), k.Kind, "1.36"); found || err != nil {
			t.Errorf("%+v: got %v, %v, want neither", k, found, err)
		}
	}
	if _, _, err := Embedded().Schema("v1", "Namespace", "new"); err == nil {
		t.Error(`version "new": got no error`)
	}
}

func TestNearest(t *testing.T) {
	versions := []string{"1.9", "1.34", "1.36"}
	for want, index := range map[string]int{"": 2, "1.36": 2, "v1.36.3": 2, "1.37": 2, "2.0": 2, "1.35": 1, "1.34": 1, "1.33": 0, "1.10": 0, "1.8": 0} {
		if got, err := nearest(versions, want); err != nil || got != index {
			t.Errorf("%q: got %d, %v, want %d", want, got, err, index)
		}
	}
	for _, bad := range []string{"1", "new", "1.x"} {
		if _, err := nearest(versions, bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

func TestReadErrors(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	kinds := func(lines, nodes string) []byte {
		return pack(fmt.Sprintf(`{"format":%d,"kubernetes":["1.36"]}`, format) + "\n\tv1\tLamp\t\t" + lines + "\n\n" + nodes + "\n")
	}
	for want, data := range map[string][]byte{
		"invalid input: magic number mismatch": []byte("text"),
		"unexpected EOF":                       embedded[:1000],
		"header: json: cannot unmarshal":       pack("[]\n"),
		"format 9: want":                       pack(`{"format":9}` + "\n"),
		"2 lines for 1 versions":               kinds("0\t0", "{}"),
		`parsing "a"`:                          kinds("a", "{}"),
		"node 7 of 1":                          kinds("7", "{}"),
		"node 0: unexpected EOF":               kinds("0", "{"),
		"node 9 of 1":                          kinds("0", `{"properties":{"a":{"$ref":9}}}`),
		"reference a: want the number":         kinds("0", `{"properties":{"a":{"$ref":"a"}}}`),
	} {
		if _, found, err := New(data).Schema("v1", "Lamp", ""); found || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, %v, want %s", found, err, want)
		}
	}
}

func recipe(entries ...Entry) Recipe {
	return Recipe{Modules: []string{"example.org/a@v1.0.0"}, Metadata: Node{"type": "object"}, Entries: entries}
}

func write(t *testing.T, r Recipe) *Bundle {
	t.Helper()
	var first, second bytes.Buffer
	if err := Write(&first, r); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(r.Entries)
	if err := Write(&second, r); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same entries in another order give other bytes")
	}
	return New(first.Bytes())
}

func schemaText(t *testing.T, b *Bundle, apiVersion, kind, kubernetes string) string {
	t.Helper()
	data, found, err := b.Schema(apiVersion, kind, kubernetes)
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		return "not found"
	}
	return string(data)
}

// Nodes that two kinds share become definitions, as does the metadata, which is always shared; one that contains itself refers to itself.
func TestWrite(t *testing.T) {
	long := Node{"type": "string", "pattern": strings.Repeat("a", minShared)}
	loop := Node{"$name": Name("loop"), "type": "object", "properties": Node{"next": Node{"$ref": Name("loop")}}}
	b := write(t, recipe(
		Entry{Kind: Kind{Version: "v1", Kind: "A"}, Kubernetes: "1.36", Node: Node{"properties": Node{"x": long}}},
		Entry{Kind: Kind{Version: "v1", Kind: "B"}, Kubernetes: "1.36", Node: Node{"properties": Node{"x": long, "y": loop}, "required": []any{"x"}}},
		Entry{Kind: Kind{Version: "v1", Kind: "B"}, Kubernetes: "1.9", Node: Node{"properties": Node{"status": long}, "required": []any{"status"}}},
		Entry{Kind: Kind{Group: "c", Version: "v1", Kind: "C"}, Node: Node{"keys": []any{"a"}, "items": Node{"keys": []any{"b"}, "repeats": true, "set": true}}},
	))
	pattern := `"pattern":"` + strings.Repeat("a", minShared) + `"`
	for _, tt := range []struct{ apiVersion, kind, kubernetes, want string }{
		{"v1", "A", "1.36", `{"definitions":{"n1-or-null":{` + pattern + `,"type":["string","null"]}},"properties":{"x":{"$ref":"#/definitions/n1-or-null"}}}`},
		{"v1", "A", "1.9", "not found"},
		{"v1", "B", "1.9", `{"definitions":{"n0-or-null":{"type":["object","null"]}},"properties":{"status":{"$ref":"#/definitions/n0-or-null"}}}`},
		{"v1", "B", "1.36", `{"definitions":{"n1":{` + pattern + `,"type":"string"},` +
			`"n3-or-null":{"properties":{"next":{"$ref":"#/definitions/n3-or-null"}},"type":["object","null"]}},` +
			`"properties":{"x":{"$ref":"#/definitions/n1"},"y":{"$ref":"#/definitions/n3-or-null"}},"required":["x"]}`},
		{"c/v1", "C", "1.9", `{"items":{"uniqueItems":true},"x-kubernetes-list-map-keys":["a"]}`},
	} {
		if got := schemaText(t, b, tt.apiVersion, tt.kind, tt.kubernetes); got != tt.want {
			t.Errorf("%s %s in %s: got\n%s\nwant\n%s", tt.apiVersion, tt.kind, tt.kubernetes, got, tt.want)
		}
	}
	versions, err := b.Kubernetes()
	if want := []string{"1.9", "1.36"}; err != nil || !slices.Equal(versions, want) {
		t.Errorf("got versions %v, %v, want %v", versions, err, want)
	}
}

func TestWriteErrors(t *testing.T) {
	lamp := Kind{Version: "v1", Kind: "Lamp"}
	for name, r := range map[string]Recipe{
		"twice":               recipe(Entry{Kind: lamp}, Entry{Kind: lamp}),
		"twice in a version":  recipe(Entry{Kind: lamp, Kubernetes: "1.36"}, Entry{Kind: lamp, Kubernetes: "1.36"}),
		"core and custom":     recipe(Entry{Kind: lamp}, Entry{Kind: lamp, Kubernetes: "1.36"}),
		"custom and core":     recipe(Entry{Kind: lamp, Kubernetes: "1.36"}, Entry{Kind: lamp}),
		"no version":          recipe(Entry{Kind: lamp, Kubernetes: "new"}),
		"name without a node": recipe(Entry{Kind: lamp, Node: Node{"properties": Node{"a": Node{"$ref": Name("b")}}}}),
	} {
		if err := Write(&bytes.Buffer{}, r); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestCustom(t *testing.T) {
	b := write(t, recipe(Entry{Kind: Kind{Version: "v1", Kind: "Lamp"}, Kubernetes: "1.36"}))
	crd := func(versions ...any) map[string]any {
		return map[string]any{"spec": map[string]any{"group": "e.org", "names": map[string]any{"kind": "Lamp"}, "versions": versions}}
	}
	size := map[string]any{"openAPIV3Schema": map[string]any{
		"type": "object", "required": []any{"status"},
		"properties": map[string]any{"size": map[string]any{"type": "integer"}, "status": map[string]any{"type": "string"}},
	}}
	root := `"apiVersion":{"type":["string","null"]},"kind":{"type":["string","null"]},"metadata":{"type":["object","null"]}`
	for _, tt := range []struct {
		name string
		crd  map[string]any
		want string
	}{
		{"empty", nil, "not found"},
		{"malformed", crd("a", map[string]any{"name": 1}), "not found"},
		{"not served", crd(map[string]any{"name": "v1", "served": false, "schema": size}), "not found"},
		{"other version", crd(map[string]any{"name": "v2", "schema": size}), "not found"},
		{"served", crd(map[string]any{"name": "v1", "schema": size}),
			`{"additionalProperties":false,"properties":{` + root + `,"size":{"type":["integer","null"]},"status":{"type":["object","null"]}},"type":"object"}`},
		{"without schema", crd(map[string]any{"name": "v1"}), "not found"},
	} {
		data, found, err := b.Custom(tt.crd, "v1")
		got := string(data)
		if !found {
			got = "not found"
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: got\n%s, %v, want\n%s", tt.name, got, err, tt.want)
		}
	}
}

func TestNormalise(t *testing.T) {
	for _, tt := range []struct{ name, openAPI, want string }{
		{"closed", `{"properties":{"a":{"type":"string","description":"x"}}}`, `{"additionalProperties":false,"properties":{"a":{"type":"string"}}}`},
		{"open", `{"properties":{},"x-kubernetes-preserve-unknown-fields":true}`, `{"properties":{}}`},
		{"map", `{"additionalProperties":{"type":"string"}}`, `{"additionalProperties":{"type":"string"}}`},
		{"alternatives stay open", `{"properties":{"a":{}},"anyOf":[{"properties":{"a":{}}}]}`, `{"additionalProperties":false,"anyOf":[{"properties":{"a":{}}}],"properties":{"a":{}}}`},
		{"embedded", `{"x-kubernetes-embedded-resource":true,"properties":{}}`, `{"properties":{},"required":["apiVersion","kind"],"type":"object"}`},
		{"integer or string", `{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}`, `{"type":["integer","string"]}`},
		{"int32", `{"type":"integer","format":"int32","minimum":1}`, `{"maximum":2147483647,"minimum":1,"type":"integer"}`},
		{"int64", `{"type":"integer","format":"int64"}`, `{"type":"integer"}`},
		{"default", `{"properties":{"a":{"default":1}}}`, `{"additionalProperties":false,"properties":{"a":{"default":1}}}`},
		{"rules", `{"x-kubernetes-validations":[{"rule":"true"}]}`, `{"rules":[{"rule":"true"}]}`},
		{"list of maps", `{"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"]}`, `{"keys":["name"]}`},
		{"set", `{"x-kubernetes-list-type":"set"}`, `{"set":true}`},
		{"lists that draft 4 refuses", `{"required":[],"enum":["a","a"],"anyOf":[]}`, `{"enum":["a"]}`},
		{"exclusive without a limit", `{"exclusiveMinimum":true}`, `{}`},
		{"foreign keywords", `{"$ref":"#/a","$name":"a","id":"b","nullable":false}`, `{}`},
	} {
		var openAPI map[string]any
		if err := json.Unmarshal([]byte(tt.openAPI), &openAPI); err != nil {
			t.Fatal(err)
		}
		before, err := json.Marshal(openAPI)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(Normalise(openAPI))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: got\n%s, %v, want\n%s", tt.name, got, err, tt.want)
		}
		if after, _ := json.Marshal(openAPI); !reflect.DeepEqual(before, after) {
			t.Errorf("%s: the schema was changed to %s", tt.name, after)
		}
	}
}

// 2026-11-21: 16 ms, reading the bundle among it.
func BenchmarkSixtySchemas(b *testing.B) {
	kinds, err := Embedded().Kinds()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		bundle := Embedded()
		for _, k := range kinds[:60] {
			if _, _, err := bundle.Schema(k.APIVersion(), k.Kind, ""); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// TestLifecycle states what is known of kinds that Kubernetes had, has and will not have.
func TestLifecycle(t *testing.T) {
	for _, c := range []struct {
		apiVersion, kind    string
		deprecated, removed string
		instead             [2]string
	}{
		{"extensions/v1beta1", "Ingress", "1.14", "1.22", [2]string{"networking.k8s.io/v1", "Ingress"}},
		{"policy/v1beta1", "PodSecurityPolicy", "1.21", "1.25", [2]string{}},
		{"networking.k8s.io/v1beta1", "IngressClass", "1.19", "1.22", [2]string{"networking.k8s.io/v1", "IngressClass"}},
		{"resource.k8s.io/v1beta1", "ResourceClaim", "1.35", "1.38", [2]string{}},
		{"apps/v1", "Deployment", "", "", [2]string{}},
		{"cert-manager.io/v1", "Certificate", "", "", [2]string{}},
	} {
		deprecated, removed, instead := Embedded().Lifecycle(c.apiVersion, c.kind)
		if deprecated != c.deprecated || removed != c.removed || instead != c.instead {
			t.Errorf("%s %s: got %q, %q, %v, want %q, %q, %v", c.apiVersion, c.kind, deprecated, removed, instead, c.deprecated, c.removed, c.instead)
		}
	}
}

// TestOwn states which groups are Kubernetes' own: their kinds differ between versions of Kubernetes, and no others do.
func TestOwn(t *testing.T) {
	for group, own := range map[string]bool{
		"": true, "apps": true, "networking.k8s.io": true, "storage.k8s.io": true, "gateway.networking.k8s.io": false,
		"snapshot.storage.k8s.io": false, "autoscaling.k8s.io": false, "kustomize.config.k8s.io": false, "cert-manager.io": false,
	} {
		if got := Embedded().Own(group); got != own {
			t.Errorf("%q: got %t", group, got)
		}
	}
}

// TestServed states that a version has the kinds that Schema finds, and no others.
func TestServed(t *testing.T) {
	for version, want := range map[string]bool{"1.33": true, "1.36": false} {
		served, err := Embedded().Served(version)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[[2]string]bool{}
		for apiVersion, kind := range served {
			kinds[[2]string{apiVersion, kind}] = true
		}
		if got := kinds[[2]string{"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy"}]; got != want || !kinds[[2]string{"v1", "Pod"}] {
			t.Errorf("%s: got %t among %d kinds, want %t", version, got, len(kinds), want)
		}
	}
}
