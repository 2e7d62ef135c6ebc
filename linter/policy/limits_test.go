package policy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestOwnPoliciesAreBounded states that a policy of the repository's own that takes too long, or finds too much, is named
// and given up on, while all others go on judging.
func TestOwnPoliciesAreBounded(t *testing.T) {
	for name, test := range map[string]struct{ rule, want string }{
		"time":     {"deny contains \"slow\" if { some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in numbers.range(1, 1000); a + b + c < 0 }", "it took more than 50ms"},
		"one call": {"deny contains \"slow\" if count(numbers.range(1, 1000000000)) < 0", "it took more than 50ms"},
		"findings": {"deny contains sprintf(\"%d\", [i]) if some i in numbers.range(1, 1001)", "it found more than 1000 things in one object"},
	} {
		t.Run(name, func(t *testing.T) {
			checker, err := New(t.Context(), Source{Name: "policies", Files: fstest.MapFS{
				"odd.rego":  {Data: []byte("package main\n\n" + test.rule + "\n")},
				"sane.rego": {Data: []byte("package main\n\nwarn contains \"seen\"\n")},
			}})
			if err != nil {
				t.Fatal(err)
			}
			checker.limits = watchdog.Limits{Time: 50 * time.Millisecond}
			if name == "findings" {
				checker.limits.Time = time.Minute
			}
			resources, _ := manifest.Parse("lamps.yaml", []byte("{apiVersion: v1, kind: Lamp, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Lamp, metadata: {name: b}}\n"))
			found, err := checker.Check(t.Context(), linter.NewView(linter.Input{Resources: resources, Judged: map[string]bool{"main/odd": true, "main/sane": true}}))
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, f := range found.Findings {
				told = append(told, f.Rule+" "+f.Resource.ID.Name+": "+f.Message)
			}
			want := "main/odd a: the policy was stopped, and judges nothing from here on: " + test.want + "; main/sane a: seen; main/sane b: seen"
			if got := strings.Join(told, "; "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestOurPoliciesAreBounded states that an object that one of ours takes too long for is named, and others are judged.
func TestOurPoliciesAreBounded(t *testing.T) {
	const head = "# METADATA\n# title: Lamp is dark\n# description: Switch it on.\n# custom:\n#   rationale: Nobody sees.\n#   severity: {small: info, medium: info, enterprise: info}\n"
	checker, err := New(t.Context(), Source{Files: fstest.MapFS{
		"lamps/dark/dark.rego": {Data: []byte(head + "package policies.lamps.dark\n\ndeny contains {\"msg\": \"dark\"} if {\n\tsome i in numbers.range(1, 1000000)\n\ti < 0\n}\n")},
	}}, Source{Name: "policies", Files: fstest.MapFS{"sane.rego": {Data: []byte("package main\n\nwarn contains \"seen\"\n")}}})
	if err != nil {
		t.Fatal(err)
	}
	checker.patience = 1 // over before a million is reached
	resources, _ := manifest.Parse("lamps.yaml", []byte("{apiVersion: v1, kind: Lamp, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Lamp, metadata: {name: b}}\n"))
	found, err := checker.Check(t.Context(), linter.NewView(linter.Input{Resources: resources, Judged: map[string]bool{"lamps/dark": true, "main/sane": true}}))
	if err != nil {
		t.Fatal(err)
	}
	want := []linter.NotJudged{
		{Rule: "lamps/dark", Reason: "Lamp a took more than 1ns"},
		{Rule: "lamps/dark", Reason: "Lamp b took more than 1ns"},
	}
	if !slices.Equal(found.NotJudged, want) || len(found.Findings) != 2 {
		t.Errorf("got %v and %v, want %v and what the other policy sees", found.NotJudged, found.Findings, want)
	}
}
