package blueprints_test

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-jsonnet/formatter"

	"github.com/gitopsgen/gitopsgen/blueprints"
)

var update = flag.Bool("update", false, "write what is expected")

// TestCatalogue keeps the list of components: a new component is one file, and this test lists it.
func TestCatalogue(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "components/*.libsonnet")
	if err != nil || len(files) == 0 {
		t.Fatalf("no components: %v", err)
	}
	var b strings.Builder
	b.WriteString("// Written by `make golden` from the files of components/.\n{\n")
	for _, file := range files {
		field := strings.TrimSuffix(path.Base(file), ".libsonnet")
		b.WriteString("  " + field + ": import '" + file + "',\n")
	}
	b.WriteString("}\n")
	if *update {
		if err := os.WriteFile("catalogue.libsonnet", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("catalogue.libsonnet")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("catalogue.libsonnet does not list components/; run make golden")
	}
}

// TestFormat wants all Jsonnet as jsonnetfmt writes it, and beginning with a comment that says what it is.
func TestFormat(t *testing.T) {
	err := fs.WalkDir(blueprints.FS, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(blueprints.FS, file)
		if err != nil {
			return err
		}
		want, err := formatter.Format(file, string(text), formatter.DefaultOptions())
		if err != nil {
			return err
		}
		if want != string(text) {
			if !*update {
				t.Errorf("%s: not as jsonnetfmt writes it; run make golden", file)
			} else if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				return err
			}
		}
		if !strings.HasPrefix(want, "// ") {
			t.Errorf("%s: the first line does not say what it is", file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
