package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter"
)

func TestConftest(t *testing.T) {
	checker := newChecker(t, ours(), theirs(
		"base.rego", "package main\n\nname := input.metadata.name\n\nis_lamp if input.kind == \"Lamp\"\n",
		"lamps/dark.rego", `# METADATA
# title: Lamps shine
# description: Switch it on.
# authors: [the electrician]
package main

import data.kubernetes

deny contains msg if {
	is_lamp
	kubernetes.watts == 0
	msg := sprintf("%s is dark", [name])
}

deny_socket contains {"msg": "no socket", "details": {"wall": 1}} if not input.spec.socket

warn contains {"msg": "dim\nand cold", "at": ["spec", "watts"]} if is_lamp
`,
		"old.rego", `package main

warn contains "old" if count(deny) > 0

violation contains {"msg": "very old"} if input.metadata.name == "relic"
`,
		"hint.rego", "package main\n\nwarn contains \"think again\" if name == \"lamp\"\n",
		"kubernetes.rego", "package kubernetes\n\nwatts := input.spec.watts\n",
		"dark_test.rego", "package main_test\n\nthis is no Rego\n",
		"waivers.yaml", "[]\n",
	))
	in := input(t, checker, "apiVersion: v1\nkind: Lamp\nmetadata: {name: lamp}\nspec:\n  watts: 0\n")
	findings := check(t, checker, in)
	wantLines(t, findings,
		"lamp.yaml:1:1: lamp is dark [main/dark]",
		"lamp.yaml:1:1: no socket [main/dark]",
		"lamp.yaml:5:10: dim and cold [main/dark]",
		"lamp.yaml:1:1: old [main/old]",
		"lamp.yaml:1:1: think again [main/hint]",
	)
	for _, f := range findings {
		want := linter.Error
		if slices.Contains([]string{"dim and cold", "old", "think again"}, f.Message) {
			want = linter.Warning
		}
		if f.Severity != want {
			t.Errorf("%s: got severity %s, want %s", f.Message, f.Severity, want)
		}
	}
	var rules []string
	for _, rule := range checker.Rules() {
		if strings.HasPrefix(rule.ID, "main/") {
			rules = append(rules, fmt.Sprintf("%s %s: %s %s", rule.ID, rule.Severity.Small, rule.Title, rule.Description))
		}
	}
	want := []string{
		"main/dark error: Lamps shine Switch it on.",
		"main/hint warning: Object breaks the repository's own rule ",
		"main/old error: Object breaks the repository's own rule ",
	}
	if !slices.Equal(rules, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(rules, "\n"), strings.Join(want, "\n"))
	}
}

// TestConftestNames wants files of one name to be rules of their own, as people have them in folders: deployment/deny.rego, service/deny.rego.
func TestConftestNames(t *testing.T) {
	const dark = "package main\n\ndeny contains \"dark\" if not input.spec.watts\n"
	checker := newChecker(t, ours(), theirs("lamps/deny.rego", dark, "bulbs/old/deny.rego", dark, "only.rego", dark))
	in := input(t, checker, "apiVersion: v1\nkind: Lamp\nmetadata: {name: lamp}\n")
	wantLines(t, check(t, checker, in),
		"lamp.yaml:1:1: dark [main/bulbs-old-deny]",
		"lamp.yaml:1:1: dark [main/lamps-deny]",
		"lamp.yaml:1:1: dark [main/only]",
	)
}
