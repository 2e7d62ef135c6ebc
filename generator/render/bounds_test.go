package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/build"
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
		if a.State.Kind == build.Failed {
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

// TestEmptyLists states that an Application which renders to nothing is not one that renders to too much.
func TestEmptyLists(t *testing.T) {
	const app = "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %[1]s}\nspec: {source: {repoURL: https://git.example.org/a.git, path: %[1]s}, destination: {name: prod}}\n"
	made, err := tree.New(
		tree.File{Path: "apps.yaml", Data: fmt.Appendf(fmt.Appendf(nil, app, "empty"), app, "full")},
		tree.File{Path: "empty/list.yaml", Data: []byte("{apiVersion: v1, kind: List, items: []}\n")},
		tree.File{Path: "full/cm.yaml", Data: []byte("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: lights}}\n")},
	)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), made, render.Options{URLs: []string{"https://git.example.org/a.git"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range result.Applications {
		if a.State != (build.State{}) || a.Objects != map[string]int{"empty": 0, "full": 1}[a.Name] {
			t.Errorf("got %+v", a)
		}
	}
	if len(result.Problems) > 0 || len(result.Applications) != 2 {
		t.Errorf("got %v, %d Applications", result.Problems, len(result.Applications))
	}
}
