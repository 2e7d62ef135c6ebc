package blueprint_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/cache"
)

// counted is a folder that counts how often its files are read.
type counted struct {
	fstest.MapFS
	reads int
}

func (c *counted) Open(name string) (fs.File, error) {
	c.reads++
	return c.MapFS.Open(name)
}

// TestKept states that a user's blueprint is evaluated again when a file changes that it imports, and then alone, and that its files are
// those that it imports now.
func TestKept(t *testing.T) {
	const lamp = `{ name: 'c', components: [] }`
	spec, user := own(`function(spec) import 'lamp.libsonnet'`)
	files := &counted{MapFS: fstest.MapFS{
		"lamp.libsonnet":  {Data: []byte(`{ clusters: [import 'shade.libsonnet'] }`)},
		"shade.libsonnet": {Data: []byte(lamp)},
	}}
	maps.Copy(files.MapFS, user)
	dir := t.TempDir()
	evaluate := func() (name string, imported []string, reads int) {
		t.Helper()
		files.reads = 0
		s := source(files)
		s.Kept = cache.OpenStore(dir)
		b, own, err := blueprint.Evaluate(t.Context(), s, spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range own {
			imported = append(imported, f.Path)
		}
		return b.Clusters[0].Name, imported, files.reads
	}
	all := []string{"lamp.libsonnet", "my.jsonnet", "shade.libsonnet"}
	for _, step := range []struct {
		file, text string
		name       string
		imported   []string
		// anew says that files were looked at, and then read again for they had changed.
		anew bool
	}{
		{name: "c", imported: all},
		{name: "c", imported: all},
		{file: "shade.libsonnet", text: strings.Replace(lamp, "'c'", "'d'", 1), name: "d", imported: all, anew: true},
		{name: "d", imported: all},
		{file: "other.libsonnet", text: "{}", name: "d", imported: all},
		{file: "shade.libsonnet", text: lamp, name: "c", imported: all},
		{file: "my.jsonnet", text: "function(spec) { clusters: [" + lamp + "] }", name: "c", imported: []string{"my.jsonnet"}, anew: true},
		{name: "c", imported: []string{"my.jsonnet"}},
	} {
		if step.file != "" {
			files.MapFS[step.file] = &fstest.MapFile{Data: []byte(step.text)}
		}
		name, imported, reads := evaluate()
		if name != step.name || !slices.Equal(imported, step.imported) {
			t.Errorf("%+v: got %q of %q", step, name, imported)
		}
		if anew := reads > len(imported); anew != step.anew {
			t.Errorf("%+v: files were read %d times", step, reads)
		}
	}
	delete(files.MapFS, "my.jsonnet")
	s := source(files)
	s.Kept = cache.OpenStore(dir)
	if _, _, err := blueprint.Evaluate(t.Context(), s, spec); err == nil || !strings.Contains(err.Error(), "my.jsonnet") {
		t.Errorf("got %v, want an error of the file that is gone", err)
	}
}
