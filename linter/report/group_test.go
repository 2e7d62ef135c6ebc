package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestHalves states which findings are told as one: those of several rules about one field that is missing.
func TestHalves(t *testing.T) {
	finding := func(r *manifest.Resource, rule string, at ...any) linter.Finding {
		return linter.Finding{Rule: rule, Severity: linter.Warning, Message: rule, Resource: r, At: at, Fix: "do " + rule}
	}
	container := func(resources any) *manifest.Resource {
		return &manifest.Resource{Object: map[string]any{"containers": []any{map[string]any{"name": "lamp", "resources": resources}}}}
	}
	three := func(r *manifest.Resource) []linter.Finding {
		var all []linter.Finding
		for _, path := range []string{"limits/memory", "requests/cpu", "requests/memory"} {
			of, what, _ := strings.Cut(path, "/")
			all = append(all, finding(r, path, "containers", 0, "resources", of, what))
		}
		return all
	}
	zero := map[string]any{"limits": map[string]any{"memory": "0"}, "requests": map[string]any{"cpu": "0", "memory": "0"}}
	for name, c := range map[string]struct {
		findings []linter.Finding
		want     string
	}{
		"nothing is there":       {three(container(nil)), "[3 limits/memory, requests/cpu, requests/memory: containers[0].resources is not set]"},
		"an empty mapping":       {three(container(map[string]any{})), "[3 limits/memory, requests/cpu, requests/memory: containers[0].resources is not set]"},
		"one half is there":      {three(container(map[string]any{"limits": zero["limits"]})), "[1 limits/memory: limits/memory 2 requests/cpu, requests/memory: containers[0].resources.requests is not set]"},
		"all is there and wrong": {three(container(zero)), "[1 limits/memory: limits/memory 1 requests/cpu: requests/cpu 1 requests/memory: requests/memory]"},
		"two objects":            {append(three(container(nil))[:1], three(container(nil))[1]), "[1 limits/memory: limits/memory 1 requests/cpu: requests/cpu]"},
		"one rule twice":         {append(three(container(nil))[:1:1], three(container(nil))[:1]...), "[1 limits/memory: limits/memory 1 limits/memory: limits/memory]"},
		"no object":              {[]linter.Finding{finding(nil, "a", "b"), finding(nil, "c", "b")}, "[1 a: a 1 c: c]"},
	} {
		var got []string
		for _, o := range halves(c.findings) {
			got = append(got, fmt.Sprintf("%d %s: %s", o.of, o.Rule, o.Message))
			if len(o.fixes) != o.of {
				t.Errorf("%s: got the advice %q", name, o.fixes)
			}
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestWorst states which few of a group are told: those that most objects have, each in another file.
func TestWorst(t *testing.T) {
	var g group
	for i := range 12 {
		o := one{Finding: linter.Finding{Place: manifest.Place{File: []string{"a", "b", "b", "c"}[i%4], Line: i}}}
		if i == 11 {
			o.Copies = make([]*manifest.Resource, 2)
		}
		g.told = append(g.told, o)
	}
	var got []string
	for _, o := range g.worst() {
		got = append(got, fmt.Sprint(o.Place.File, o.Place.Line))
	}
	if want := []string{"c11", "b1", "a0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestExtents states where keys and values end, and that nothing is said where that is not sure.
func TestExtents(t *testing.T) {
	text := "key: plain # why\nü: \"dou\\\"ble\"\nsingle: 'it''s' \nlist: [ä, b]\nmap: {a: 1}\nmulti: one\n  two\nblock: |\n  text\nanchor: &a x\nempty:\ntag: !!str 1\n"
	files, err := tree.New(tree.File{Path: "a.yaml", Data: []byte(text)}, tree.File{Path: "bad.yaml", Data: []byte("a: [")})
	if err != nil {
		t.Fatal(err)
	}
	ends := newExtents(Report{Tree: files})
	for _, c := range []struct{ line, column, end int }{
		{1, 6, 11}, {2, 1, 2}, {2, 4, 14}, {3, 9, 16}, {4, 1, 5}, {4, 7, 0}, {4, 8, 9}, {5, 6, 0}, {6, 8, 0}, {8, 8, 0}, {8, 1, 6}, {10, 9, 0}, {12, 6, 0}, {99, 1, 0}, {0, 0, 0},
	} {
		got := ends.end(linter.Finding{Place: manifest.Place{File: "a.yaml", Line: c.line, Column: c.column}})
		if got.column != c.end || c.end > 0 && got.line != c.line {
			t.Errorf("%d:%d: got %v, want column %d", c.line, c.column, got, c.end)
		}
	}
	first := linter.Finding{Place: manifest.Place{File: "a.yaml", Line: 1, Column: 1}}
	if got := ends.end(first); got != (position{}) {
		t.Errorf("the mapping: got %v, want none", got)
	}
	first.Named = true
	if got := ends.end(first); got != (position{1, 4}) {
		t.Errorf("its first key: got %v, want 1:4", got)
	}
	for _, file := range []string{"bad.yaml", "none.yaml"} {
		if got := ends.end(linter.Finding{Place: manifest.Place{File: file, Line: 1, Column: 1}}); got != (position{}) {
			t.Errorf("%s: got %v, want none", file, got)
		}
	}
}
