//go:build oracle

package render_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// TestReleaseOracle compares, object by object, what an Application over a chart renders to with what the real Helm makes of the
// same chart, by the flags that Argo CD makes of the fields.
func TestReleaseOracle(t *testing.T) {
	files, err := filepath.Glob("testdata/release/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want archives", files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := txtar.Write(archive, dir); err != nil {
			t.Fatal(err)
		}
		flags := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "flags" })
		if _, err := os.Stat(filepath.Join(dir, "chart", "Chart.lock")); err == nil { // what it depends on is not there yet
			if out, err := exec.Command("helm", "dependency", "build", filepath.Join(dir, "chart")).CombinedOutput(); err != nil {
				t.Fatalf("%s: helm dependency build ended with %v: %s", file, err, out)
			}
		}
		cmd := exec.Command("helm", append([]string{"template"}, strings.Fields(string(archive.Files[flags].Data))...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: helm ended with %v: %s", file, err, out)
		}
		made, _ := input(t, archive)
		result, err := render.All(t.Context(), made, render.Options{})
		if err != nil || len(result.Problems) > 0 {
			t.Fatalf("%s: got %v, %v", file, err, result.Problems)
		}
		got, want := map[string]any{}, map[string]any{}
		for _, res := range result.Resources {
			if res.Origin.Application == "oracle" {
				got[fmt.Sprint(res.ID)] = res.Object
			}
		}
		parsed, problems := manifest.Parse("helm", out)
		for _, res := range parsed {
			want[fmt.Sprint(res.ID)] = res.Object
		}
		if len(want) == 0 || len(problems) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, text(t, got), text(t, want))
		}
	}
}
