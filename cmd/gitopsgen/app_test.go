package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHostilePaths states that the name of a file is no command either: it stands first in a line.
func TestHostilePaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"\n::error::x.yaml", "::error file=x::y.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: lamp}\nspek: 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, c := range []struct{ args, want string }{
		{"lint", "\\n::error::x.yaml:4:1: error: "},
		{"lint", "\n:\\x3aerror file=x::y.yaml:4:1: error: "},
		{"render", "# -, Sync, wave 0: \\n::error::x.yaml:1\n"},
		{"render --format=list", " \\n::error::x.yaml:1\n"},
		{"render --format=json", `"file": "\n::error::x.yaml"`},
	} {
		var stdout, stderr bytes.Buffer
		env := environment{args: append([]string{"gitopsgen"}, strings.Fields(c.args)...), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
		if status := run(t.Context(), env); status > statusFindings {
			t.Errorf("%s: status %d: %s", c.args, status, &stderr)
		}
		if got := "\n" + stdout.String(); !strings.Contains(got, c.want) || strings.Contains(got, "\n::") {
			t.Errorf("%s: got %s, want %q in it", c.args, got, c.want)
		}
	}
}

// TestFlagsThatAreNoText states that bytes that are no UTF-8, and line breaks, are mistakes on the command line.
func TestFlagsThatAreNoText(t *testing.T) {
	t.Chdir(t.TempDir())
	for flag, want := range map[string]string{
		"--set=name=\xff": `--set "name=\xff": it is not UTF-8`,
		"--set=\xff=1":    `--set "\xff=1": it is not UTF-8`,
		"--set=components.argo-cd.values.\xff.a=1": `it is not UTF-8`,
		"--name=a\xff":                  `--name "a\xff": it is not UTF-8`,
		"--domain=a\xff":                `--domain "a\xff": it is not UTF-8`,
		"--repo-url=https://a.org/\xff": `--repo-url "https://a.org/\xff": it is not UTF-8`,
		"--name=a\n  - x: y":            `name "a\n  - x: y": want one line without control characters`,
		"--set=ci.install=\"a\\n- b\"":  `ci.install "a\n- b": want one line without control characters`,
	} {
		var stdout, stderr bytes.Buffer
		env := environment{args: []string{"gitopsgen", "scaffold", "--tier=small", "--dry-run", flag}, stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
		if status := run(t.Context(), env); status != statusUsage || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d, want %d and %s: %s", flag, status, statusUsage, want, &stderr)
		}
	}
}
