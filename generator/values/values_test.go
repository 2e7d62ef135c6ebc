package values_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// TestMerge goes through the rules; what kustomize and Helm make of whole kustomizations is compared with theirs elsewhere.
func TestMerge(t *testing.T) {
	file := values.Layer{Text: []byte("a: {b: 1, c: 2}\nd: [x, y]\n")}
	inline := map[string]any{"a": map[string]any{"b": nil, "c": 3.0}, "d": []any{"z"}}
	helm := values.Layer{Text: []byte("a: {b: null}\n"), Rule: values.OverAsHelm}
	for rule, want := range map[values.Rule]map[string]any{
		values.Over:    {"a": map[string]any{"b": nil, "c": 3.0}, "d": []any{"z"}},
		values.Under:   {"a": map[string]any{"b": nil, "c": 2.0}, "d": []any{"x", "y"}},
		values.Instead: {"a": map[string]any{"b": nil, "c": 3.0}, "d": []any{"z"}},
	} {
		got, err := values.Merge([]values.Layer{file, {Inline: inline, Rule: rule}, helm})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("rule %d: got %v, %v, want %v", rule, got, err, want)
		}
	}
}

// TestMergeTells states that an error names the layer that is wrong.
func TestMergeTells(t *testing.T) {
	good, odd := values.Layer{Text: []byte("a: b\n")}, []byte("- a\n")
	for want, layers := range map[int][]values.Layer{
		0: {{Text: odd}},
		1: {{}, {Inline: map[string]any{"a": "b"}}},
		2: {good, {Text: good.Text, Rule: values.OverAsHelm}, {Text: odd, Rule: values.OverAsHelm}},
	} {
		var wrong values.LayerError
		if _, err := values.Merge(layers); !errors.As(err, &wrong) || wrong.Layer != want {
			t.Errorf("got %v, want layer %d", err, want)
		}
	}
}

// TestFind states that values inline come first, and that the nearest of a path is the innermost that is set.
func TestFind(t *testing.T) {
	var file, inline values.Layer
	file.Read("values.yaml", []byte("a:\n  b: 1\n  c: 2\n"))
	inline.Read("kustomization.yaml", []byte("a: {b: 2}\n"))
	inline.Inline = map[string]any{"a": map[string]any{"b": 2}}
	layers := []values.Layer{file, inline}
	for want, path := range map[manifest.Place]manifest.Path{
		{File: "kustomization.yaml", Line: 1, Column: 8}: {"a", "b"}, {File: "values.yaml", Line: 3, Column: 6}: {"a", "c"},
		{File: "kustomization.yaml", Line: 1, Column: 1}: {"a", "d"},
	} {
		if got, ok := values.Nearest(layers, path...); !ok || got != want {
			t.Errorf("%v: got %v, %v, want %v", path, got, ok, want)
		}
	}
	if got, ok := values.Nearest(layers, "x"); ok {
		t.Errorf("got %v, want nothing", got)
	}
}
