package blueprints_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestNobodyElseNamesComponents states that templates and Go name no component, in code: what is to be said of one stands in
// its file. Names that are words of the spec, or of Kubernetes, are no sign of it.
func TestNobodyElseNamesComponents(t *testing.T) {
	can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: blueprint.Small}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range can.Components {
		if !slices.Contains([]string{"pod-security", "teams", "workloads"}, name) {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	named := regexp.MustCompile("(?m)^.*[\"'`/ ](" + strings.Join(names, "|") + ")[\"'`/ ].*$")
	comment := regexp.MustCompile(`^\s*//`)
	read := 0
	for _, dir := range []string{"templates", "generator", "linter"} {
		err := fs.WalkDir(os.DirFS(repositoryRoot), dir, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() || strings.Contains(file, "/testdata/") || strings.HasSuffix(file, "_test.go") || !slices.Contains([]string{".go", ".tmpl"}, path.Ext(file)) {
				return nil
			}
			text, err := fs.ReadFile(os.DirFS(repositoryRoot), file)
			if err != nil {
				return err
			}
			read++
			for _, line := range named.FindAllString(string(text), -1) {
				if !comment.MatchString(line) {
					t.Errorf("%s names a component: %s", file, strings.TrimSpace(line))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 100 {
		t.Errorf("read %d files", read)
	}
}
