package policy_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// policyError is how an error about a policy begins.
var policyError = regexp.MustCompile(`^policies/lamps/dark/dark\.rego:(?:(\d+):(\d+): |)`)

// FuzzMetadata states that reading a policy never panics, whatever its METADATA says, and that an error has a place
// inside of the file.
func FuzzMetadata(f *testing.F) {
	for _, text := range []string{
		strings.TrimPrefix(metadata, "# METADATA\n"), "#   params:\n#     watts: {description: How bright, default: 60}\n#   references: [https://example.org/lamps]\n#   kinds: [Pod]\n",
		"# title: [\n", "# title: &a x\n# description: *a\n", "# scope: rule\n", "# custom: {severity: {small: off}}\n", "#title: x\n", "# title: x\n\n# title: y\n", "# custom:\n#   params: {a: {default: .inf}}\n", "#\ttitle: x\n", "# title: x\n# schemas: [{a: b}]\n", "# title: \"\\x\"\n# entrypoint: 1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		b.WriteString("# METADATA\n")
		for line := range strings.Lines(text) {
			b.WriteString("# " + strings.TrimPrefix(line, "# "))
		}
		b.WriteString("\npackage policies.lamps.dark\n\ndeny contains {\"msg\": \"dark\"}\n")
		_, err := policy.New(t.Context(), theirs("lamps/dark/dark.rego", b.String()))
		if err == nil {
			return
		}
		last := strings.Count(b.String(), "\n") + 1
		for _, message := range strings.Split(fmt.Sprint(err), "\n") {
			at := policyError.FindStringSubmatch(message)
			if at == nil {
				t.Fatalf("an error without a place: %q", message)
			}
			line, _ := strconv.Atoi(at[1])
			column, _ := strconv.Atoi(at[2])
			if at[1] != "" && (line < 1 || line > last || column < 1) {
				t.Errorf("%q: want a place in the %d lines of the file:\n%s", message, last, b.String())
			}
		}
	})
}
