package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// TestShards states that the merged report of any number of shards is the one without shards, byte for byte in each format but for the
// time, and ends with the same status: of repositories that show a finding, with more shards than there are Applications in some, and
// of a generated platform. GITOPSGEN_SHARDS=1 tries all, and each tier, which takes minutes.
func TestShards(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	archives, err := filepath.Glob(filepath.Join(repositoryRoot, "golden", "findings", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no findings: %v", err)
	}
	all := os.Getenv("GITOPSGEN_SHARDS") != ""
	for i, file := range archives {
		if i%8 != 0 && !all {
			continue
		}
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(root, strings.TrimSuffix(filepath.Base(file), ".txtar"))
		if err := gitrepo.Write(t.Context(), dir, treeOf(t, archive, "fail/")); err != nil {
			t.Fatal(err)
		}
		shards(t, dir, []int{3, 2, 7, 1}[i/8%4])
	}
	for _, tier := range []string{"small", "medium", "enterprise"} {
		if tier != "small" && !all {
			break
		}
		platform := filepath.Join(root, tier)
		if status, _, stderr := try(t, "scaffold", "--tier="+tier, "--offline", "--no-commit", platform); status != statusPassed {
			t.Fatalf("status %d: %s", status, stderr)
		}
		shards(t, platform, 2)
		if all {
			shards(t, platform, 7)
			shards(t, platform, 100)
		}
	}
}

// took matches how long something took.
var took = regexp.MustCompile(`[0-9]+\.[0-9] s\b|"seconds": [0-9.e-]+|time="[0-9.]+"`)

// shards compares the report of a repository with what is merged of n parts.
func shards(t *testing.T, dir string, n int) {
	t.Helper()
	var parts []string
	for i := range n {
		status, out, stderr := try(t, "lint", "--offline", fmt.Sprintf("--shard=%d/%d", i+1, n), dir)
		if status != statusPassed {
			t.Fatalf("%s: shard %d/%d: status %d: %s", dir, i+1, n, status, stderr)
		}
		file := filepath.Join(t.TempDir(), "part.json")
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, file)
	}
	files := t.TempDir()
	flags := func(of string) []string {
		var formats []string
		for _, format := range report.Formats() {
			formats = append(formats, format+"="+filepath.Join(files, of+format))
		}
		return []string{"--all", "--coverage", "--format=" + strings.Join(formats, ",")}
	}
	want, _, wantErr := try(t, slices.Concat([]string{"lint", "--offline"}, flags("want-"), []string{dir})...)
	got, _, gotErr := try(t, slices.Concat([]string{"report", "merge"}, flags("got-"), parts)...)
	if got != want || gotErr != wantErr {
		t.Errorf("%s in %d shards: status %d, want %d: %s", dir, n, got, want, gotErr)
	}
	for _, format := range report.Formats() {
		var texts [2]string
		for i, of := range []string{"want-", "got-"} {
			data, err := os.ReadFile(filepath.Join(files, of+format))
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = took.ReplaceAllString(string(data), "")
		}
		if texts[0] != texts[1] {
			t.Errorf("%s in %d shards: %s is another one:\n%s\nwant:\n%s", dir, n, format, texts[1], texts[0])
		}
	}
}

// try runs the program, and gives what it says.
func try(t *testing.T, args ...string) (status int, out, stderr string) {
	t.Helper()
	var stdout, errors bytes.Buffer
	status = run(t.Context(), environment{append([]string{"gitopsgen"}, args...), &stdout, &errors, func(string) string { return "" }})
	return status, stdout.String(), errors.String()
}
