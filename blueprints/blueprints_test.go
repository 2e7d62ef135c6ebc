package blueprints_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-jsonnet/formatter"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

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
		goldentest.Compare(t, []byte(b.String()), "blueprints/"+list)
	}
}

// TestFormat wants all Jsonnet as jsonnetfmt writes it, and beginning with a comment that says what it is.
func TestFormat(t *testing.T) {
	err := fs.WalkDir(blueprints.FS, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) == ".md" {
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
		goldentest.Compare(t, []byte(want), "blueprints/"+file)
		if !strings.HasPrefix(want, "// ") {
			t.Errorf("%s: the first line does not say what it is", file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
