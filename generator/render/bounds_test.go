package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestObjectsAreBounded states that many Applications over many objects end somewhere: what is too much is told once, and
// each Application that is not judged has its name.
func TestObjectsAreBounded(t *testing.T) {
	var objects, applications strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&objects, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d, namespace: lights}\n", i)
	}
	for i := range 103 {
		fmt.Fprintf(&applications, "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app%d}\nspec: {source: {repoURL: https://git.example.org/a.git, path: app}, destination: {name: prod}}\n", i)
	}
	made, err := tree.New(tree.File{Path: "app/objects.yaml", Data: []byte(objects.String())}, tree.File{Path: "apps.yaml", Data: []byte(applications.String())})
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), made, render.Options{URLs: []string{"https://git.example.org/a.git"}})
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, a := range result.Applications {
		if a.Failed {
			failed++
		}
	}
	if len(result.Problems) != 1 || !strings.HasPrefix(result.Problems[0].Message, "the repository renders to more than 100000 objects") {
		t.Errorf("got %v, want one problem", result.Problems)
	}
	if len(result.Applications) != 103 || failed != 3 || len(result.Resources) < 100_000 || len(result.Resources) > 101_000 {
		t.Errorf("got %d Applications, %d failed, %d objects, want 103, 3 and what fits", len(result.Applications), failed, len(result.Resources))
	}
}
