package manifest_test

import (
	"bytes"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// FuzzKubernetes states that nothing is an object to Kubernetes, and by that to Argo CD, which is none to us without a word.
func FuzzKubernetes(f *testing.F) {
	const first, second = "apiVersion: v1\nkind: A\nmetadata: {name: a}\n", "apiVersion: v1\nkind: B\nmetadata: {name: b}\n"
	for _, between := range []string{
		"---\n", "---\n\ufeff", "---\n\ufeff\ufeff", "---\n\n\ufeff", "--- # c\n\ufeff", "---\r\n\ufeff", "---\n# c\n\ufeff", "--- \ufeff", "\ufeff---\n",
		"---\n---\n\ufeff", "...\n\ufeff", "---\n\u200b", "---\n!!null\n", "---\n!!str\n", "---\n&a\n", "---\n\"\\u200b\": 1\n",
	} {
		f.Add([]byte(first + between + second))
		f.Add([]byte(between + second))
		f.Add([]byte("\ufeff\ufeff" + between + second))
	}
	for _, text := range []string{
		"kind: A\nspec: {}\n", "kind: List\nitems: [" + `{"apiVersion": "v1", "kind": "A"}` + "]\n", `{"kind": "A"}{"kind": "B"}`,
		"kind\u200b: A\nkind: B\n", "\u2028kind: A\n", "kind: A\rapiVersion: v1\r---\rkind: B\rapiVersion: v1\r", "{kind: A, \"apiVersion\": v1}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read := manifest.ReadFile("f.yaml", data)
		if len(read.Strays)+len(read.Problems) > 0 {
			return
		}
		for _, object := range kubernetes(data) {
			found := false
			for _, r := range read.Resources {
				found = found || reflect.DeepEqual(r.Object, object)
			}
			if !found {
				var text bytes.Buffer
				if err := escape.YAML(&text, object); err != nil {
					t.Fatal(err)
				}
				t.Errorf("got %d objects and no problem, want one that is\n%s", len(read.Resources), &text)
			}
		}
	})
}

// kubernetes reads a file as Argo CD does, up to what is no object. No cluster takes what has no apiVersion.
func kubernetes(data []byte) []map[string]any {
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))), 4096)
	var objects []map[string]any
	for {
		var u *unstructured.Unstructured
		if decoder.Decode(&u) != nil {
			return objects
		}
		if u != nil && (u.GetAPIVersion() != "" || u.IsList()) {
			objects = append(objects, u.Object)
		}
	}
}
