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

// TestCatalogue keeps the lists of components and capabilities: a new one is one file, and this test lists it.
func TestCatalogue(t *testing.T) {
	for dir, list := range map[string]string{"components": "catalogue.libsonnet", "capabilities": "capabilities.libsonnet"} {
		files, err := fs.Glob(os.DirFS("."), dir+"/*.libsonnet")
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s: %v", dir, err)
		}
		var b strings.Builder
		b.WriteString("// Written by `make golden` from the files of " + dir + "/.\n{\n")
		for _, file := range files {
			field := strings.TrimSuffix(path.Base(file), ".libsonnet")
			b.WriteString("  " + field + ": import '" + file + "',\n")
		}
		b.WriteString("}\n")
		if *update {
			if err := os.WriteFile(list, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != b.String() {
			t.Errorf("%s does not list %s/; run make golden", list, dir)
		}
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
