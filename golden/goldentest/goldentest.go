// Package goldentest compares what the program does with what is expected, or with -update writes it there: make golden.
package goldentest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

var update = flag.Bool("update", false, "write what the program does now as what is expected")

// Update reports whether expectations are written instead of compared.
func Update() bool { return *update }

// Compare holds text against an expected file, which is named by its path in this repository.
func Compare(t *testing.T, got []byte, file string) {
	t.Helper()
	at := filepath.Join(root(t), filepath.FromSlash(file))
	if *update {
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: differs; run make golden and read the diff\n%s", file, diff.Diff("want", want, "got", got))
	}
}

// root is the directory of this repository. Tests run in that of their package.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod here or above")
		}
		dir = filepath.Dir(dir)
	}
}
