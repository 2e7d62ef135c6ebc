package manifest_test

import (
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestPath states that a path is written in one way and read back from it, as a text and as a JSON pointer.
func TestPath(t *testing.T) {
	object := map[string]any{
		"spec": map[string]any{"containers": []any{map[string]any{"image": "a", "0": "b"}}},
		"metadata": map[string]any{"labels": map[string]any{
			"app.kubernetes.io/name": "lamp", "": "x", `a"]~/b`: "y", "[0]": "z",
		}},
	}
	for _, c := range []struct {
		path          manifest.Path
		text, pointer string
	}{
		{nil, "", ""},
		{manifest.Path{"spec", "containers", 0, "image"}, "spec.containers[0].image", "/spec/containers/0/image"},
		{manifest.Path{"spec", "containers", 0, "0"}, "spec.containers[0].0", "/spec/containers/0/0"},
		{manifest.Path{"metadata", "labels", "app.kubernetes.io/name"}, `metadata.labels["app.kubernetes.io/name"]`, "/metadata/labels/app.kubernetes.io~1name"},
		{manifest.Path{"metadata", "labels", ""}, `metadata.labels[""]`, "/metadata/labels/"},
		{manifest.Path{"metadata", "labels", `a"]~/b`}, `metadata.labels["a\"]~/b"]`, `/metadata/labels/a"]~0~1b`},
		{manifest.Path{"metadata", "labels", "[0]"}, `metadata.labels["[0]"]`, "/metadata/labels/[0]"},
	} {
		if got := c.path.String(); got != c.text {
			t.Errorf("%#v: got %s, want %s", c.path, got, c.text)
		}
		if got, err := manifest.ParsePath(c.text); err != nil || !reflect.DeepEqual(got, c.path) {
			t.Errorf("%s: got %#v, %v", c.text, got, err)
		}
		if got := c.path.Pointer(); got != c.pointer {
			t.Errorf("%#v: got %s, want %s", c.path, got, c.pointer)
		}
		if got := manifest.PointerPath(c.pointer, object); !reflect.DeepEqual(got, c.path) {
			t.Errorf("%s: got %#v, want %#v", c.pointer, got, c.path)
		}
	}
	for text, want := range map[string]manifest.Path{
		`a\.b.c`: {"a.b", "c"}, `a\[0]`: {"a[0]"}, "ä é": {"ä é"}, `["a"]["b"].c`: {"a", "b", "c"}, "[0][1]": {0, 1}, `a\`: {`a\`},
	} {
		if got, err := manifest.ParsePath(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, %v, want %#v", text, got, err, want)
		}
	}
	for _, text := range []string{".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[-1]", `a["x"`, `a["x]`, "a[0]b", `["a"]b`, "a[99999999999]", "a[0]."} {
		if got, err := manifest.ParsePath(text); err == nil {
			t.Errorf("%s: got %#v, want an error", text, got)
		}
	}
}

// TestPathWith states that two paths that go on from one do not share what they add.
func TestPathWith(t *testing.T) {
	spec := append(make(manifest.Path, 0, 8), "spec")
	a, b := spec.With("a"), spec.With("b", 1)
	if a.String() != "spec.a" || b.String() != "spec.b[1]" || spec.String() != "spec" {
		t.Errorf("got %s, %s and %s", spec, a, b)
	}
}
