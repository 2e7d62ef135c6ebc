package generator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestCheckoutsAreBounded wants a gitopsgen.yaml with very many repositories to be an error, for each path is held against all.
func TestCheckoutsAreBounded(t *testing.T) {
	var spec strings.Builder
	spec.WriteString("apiVersion: gitopsgen/v1\nrepositories:\n")
	for i := range 101 {
		fmt.Fprintf(&spec, "  - {url: 'https://git.example.org/team/%d.git', path: base}\n", i)
	}
	files, err := tree.New(tree.File{Path: blueprint.SpecFile, Data: []byte(spec.String())})
	if err != nil {
		t.Fatal(err)
	}
	g := generator.Generator{}
	r, err := g.Read(files, blueprint.Medium)
	if err != nil {
		t.Fatal(err)
	}
	want := "gitopsgen.yaml:2:1: repositories: there are 101, want 100 at most"
	if _, err := g.Render(t.Context(), r, generator.RenderOptions{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
