package linter_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/linter"
)

// A parameter that a rule does not have, or of another kind than its default, is refused.
func TestCheckParam(t *testing.T) {
	rule := linter.Rule{Params: []linter.Param{{Name: "types", Default: []any{"NodePort"}}, {Name: "trusted"}}}
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"types", []any{"LoadBalancer"}, ""},
		{"types", "NodePort", "types: want a list, got a text"},
		{"types", nil, "types: want a list, got nothing"},
		{"trusted", "whatever", ""},
		{"type", []any{}, `unknown parameter "type" (did you mean "types"?)`},
	} {
		got := ""
		if err := rule.CheckParam(c.name, c.value); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %v: got %q, want %q", c.name, c.value, got, c.want)
		}
	}
}
