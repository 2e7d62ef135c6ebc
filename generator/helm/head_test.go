package helm

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// plainHead is how nearly all documents begin.
const plainHead = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: lamp\n"

// TestPlainKind states of which documents Helm is shown the kind alone.
func TestPlainKind(t *testing.T) {
	for document, want := range map[string]string{
		plainHead:                         "Deployment",
		plainHead + "spec:\n  x: [1]\n":   "Deployment",
		plainHead + "rules:\n- a: 1\n":    "Deployment",
		"# Source: a\n\n" + plainHead:     "Deployment",
		plainHead + "spec: {a: 'x && y'}": "Deployment",
		"kind: \"Role\"\napiVersion: v1\nmetadata:\n  labels:\n    a/b: \"yes\"\n    c: 1.2\n  annotations:\n    d: 'e'\n  name: lamp\n": "Role",
		"kind: List\napiVersion: v1\nmetadata:\nitems: []\n":                                                                             "List",

		"":                                  "",
		"a: 1\n" + plainHead:                "",
		"- a\n":                             "",
		plainHead + "kind: Pod\n":           "",
		plainHead + "Kind: Pod\n":           "",
		plainHead + "\"k\\u0069nd\": x\n":   "",
		plainHead + "? kind\n: x\n":         "",
		plainHead + "spec: \"\nkind: x\"\n": "",
		plainHead + "spec:\n\ta: 1\n":       "",
		plainHead + "spec: &a 1\n":          "",
		plainHead + "<<: {kind: x}\n":       "",
		plainHead + "...\n":                 "",
		plainHead + "spec: !!int a\n":       "",
		plainHead + "  annotations:\n    helm.sh/hook: test\n":       "",
		plainHead + "  annotations:\n    a:\n      b: c\n":           "",
		plainHead + "  annotations:\n    a: {}\n":                    "",
		plainHead + "  annotations:\n    a: |\n      b\n":            "",
		plainHead + "  annotations: a\n":                             "",
		plainHead + "  Annotations: {}\n":                            "",
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {}\n":         "",
		"apiVersion: v1\nkind: Pod\nmetadata:\n- name: a\n":          "",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n":           "",
		"apiVersion: v1\nkind: Null\nmetadata:\n  name: a\n":         "",
		"apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata:\n":          "",
		"kind: Pod\nmetadata:\n  name: a\n":                          "",
		"apiVersion: v1\nkind: Pod\n  a\nmetadata:\n  name: a\n":     "",
		"apiVersion: v1\nkind: Pod # or not\nmetadata:\n  name: a\n": "",
	} {
		if got, ok := plainKind(document); got != want && ok || ok != (want != "") {
			t.Errorf("%q: got %q, %t, want %q", document, got, ok, want)
		}
	}
}

// helm3Mark is between documents in the texts that Helm 3.19.4 reads: pkg/releaseutil/manifest.go.
var helm3Mark = regexp.MustCompile(`(?:^|\s*\n)---\s*`)

// TestSplit states that documents are split where Helm 3 splits them, and end where they end there.
func TestSplit(t *testing.T) {
	parts := []string{"", "a", "---", "--", "-", "\n", " ", "\t", "# b"}
	var all []string
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				for _, d := range parts {
					all = append(all, a+b+c+d, a+b+c+d+"\n---\u00a0\n"+a+b+c+d)
				}
			}
		}
	}
	for _, text := range all {
		var want []string
		for _, d := range helm3Mark.Split(strings.TrimSpace(text), -1) {
			if d = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(d), "---")); d != "" {
				want = append(want, d) // of two marks in a row the second begins a document, which says the same without it
			}
		}
		if got := split(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// agrees holds what sorted gives against what Helm gives that reads all of it. They may differ where what is printed cannot be
// read, of which Helm is asked again.
func agrees(t *testing.T, texts map[string]string) {
	t.Helper()
	hooks, manifests, err := sorted(maps.Clone(texts))
	wantHooks, wantManifests, wantErr := sortedWhole(maps.Clone(texts))
	if err != nil {
		if wantErr == nil || err.Error() != wantErr.Error() {
			t.Errorf("%q: got %v, want %v", texts, err, wantErr)
		}
		return
	}
	if wantErr != nil {
		var printed strings.Builder
		for _, m := range manifests {
			printed.WriteString("---\n" + m.Content + "\n")
		}
		if f := manifest.ReadFile("a", []byte(printed.String())); len(f.Problems) == 0 {
			t.Errorf("%q: got no error and no problem, want %v", texts, wantErr)
		}
		return
	}
	if !reflect.DeepEqual(hooks, wantHooks) {
		t.Errorf("%q: got hooks %v, want %v", texts, hooks, wantHooks)
	}
	same := func(a, b releaseutil.Manifest) bool {
		return a.Name == b.Name && a.Content == b.Content && a.Head.Kind == b.Head.Kind
	}
	if !slices.EqualFunc(manifests, wantManifests, same) {
		t.Errorf("%q: got %v, want %v", texts, manifests, wantManifests)
	}
}

// FuzzSorted states that Helm gives the same whether it is shown all of the documents or the heads, and that what it would refuse
// is no YAML for who reads it next.
func FuzzSorted(f *testing.F) {
	hooked := "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    helm.sh/hook: test\n    helm.sh/hook-weight: \"5\"\n"
	service := "kind: Service\napiVersion: v1\nmetadata:\n  name: lamp\n  annotations:\n    a: 1\n    b:\nspec:\n  a: |\n    x\n\n"
	f.Add(plainHead+"spec:\n  a: 1", service)
	f.Add("---\n"+hooked+"---\n"+plainHead+"---\n# nothing\n--- \n"+service, "")
	f.Add(plainHead+"spec:\n  a: [\n", hooked)
	f.Add(plainHead+"spec:\n  a: .inf\n  ~: 1\n", "# 0\nkind: Pod\n")
	f.Add(plainHead+"spec:\n  1: a\n  \"b\": 'c'\n? d\n: e\n", "- a\n")
	f.Add(plainHead+"spec: *a\n", "\n\n  ---apiVersion: v1\nkind: Role\n")
	f.Add(plainHead+"  labels:\n    a: .nan\nspec: !a b\n", service+"spec: 1\n")
	f.Add("apiVersion: v1\nkind: Pod\nmetadata:\n   name: a\n  b: c\n", hooked+"spec: {\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		agrees(t, map[string]string{"c/templates/a.yaml": a, "c/templates/b.yaml": b, "c/templates/_helpers.tpl": b})
	})
}
