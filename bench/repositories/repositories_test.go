package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// files makes a repository and reads it.
func files(t *testing.T, flags ...string) tree.Tree {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "repository")
	var stderr strings.Builder
	if status := run(append(append([]string{"repositories"}, flags...), dir), &stderr); status != 0 {
		t.Fatalf("repositories %q: status %d: %s", flags, status, &stderr)
	}
	written, err := tree.Read(os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// TestSameBytes makes repositories twice: each has what was asked for, and the same bytes.
func TestSameBytes(t *testing.T) {
	for _, test := range []struct {
		flags []string
		want  map[string]int // how many files hold a text
	}{
		{
			[]string{"-overlays=11", "-releases=2", "-directories=3"},
			map[string]int{"kind: Application\n": 16, "namePrefix: ": 11, "apiVersion: v2\n": 1},
		},
		{[]string{"-files=5"}, map[string]int{"kind: Deployment\n": 3, "kind: Service\n": 2}},
		{[]string{"-rules"}, map[string]int{"package main\n": 1, "package policies.": 8, "resources/memory-limits: error\n": 1}},
	} {
		first, second := files(t, test.flags...), files(t, test.flags...)
		for text, want := range test.want {
			got := 0
			for _, f := range first.Files() {
				if strings.Contains(string(f.Data), text) {
					got++
				}
			}
			if got != want {
				t.Errorf("%q: %d files hold %q, want %d", test.flags, got, text, want)
			}
		}
		if len(first.Files()) != len(second.Files()) {
			t.Fatalf("%q: %d files, and then %d", test.flags, len(first.Files()), len(second.Files()))
		}
		for i, f := range second.Files() {
			if was := first.Files()[i]; was.Path != f.Path || string(was.Data) != string(f.Data) {
				t.Errorf("%q: %s differs from %s of the first time", test.flags, f.Path, was.Path)
			}
		}
	}
}

func TestWrongFlags(t *testing.T) {
	for _, test := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"repositories"}, 2, "usage: repositories"},
		{[]string{"repositories", "-files=many", "dir"}, 2, "-files"},
		{[]string{"repositories", filepath.Join(t.TempDir(), "dir")}, 1, "nothing to make"},
	} {
		var stderr strings.Builder
		if got := run(test.args, io.Writer(&stderr)); got != test.status || !strings.Contains(stderr.String(), test.want) {
			t.Errorf("%q: status %d, %q; want %d, %q", test.args, got, &stderr, test.status, test.want)
		}
	}
}
