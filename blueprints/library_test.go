package blueprints_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
	"github.com/gitopsgen/gitopsgen/templates"
)

const repositoryRoot = ".."

var librarySource = blueprint.Source{Library: blueprints.FS}

// library judges and lays out as the program does, without charts.
var library = generator.Generator{Library: generator.Library{
	Version: "0.3.0", Blueprints: blueprints.FS, Records: blueprints.Records(), Policies: policies.FS, Templates: templates.FS,
	Namespaced: schemas.Embedded().Namespaced,
}}

// goldenTree is a tree of golden/trees with what it renders to. Nobody may change it.
func goldenTree(t *testing.T, name string) generator.Rendered {
	t.Helper()
	r, err := goldenTrees[name]()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var goldenTrees = map[string]func() (generator.Rendered, error){
	"small": sync.OnceValues(readGolden("small")), "medium": sync.OnceValues(readGolden("medium")), "enterprise": sync.OnceValues(readGolden("enterprise")),
}

func readGolden(name string) func() (generator.Rendered, error) {
	return func() (generator.Rendered, error) {
		files, err := tree.Read(os.DirFS(filepath.Join(repositoryRoot, "golden", "trees", name)), nil)
		if err != nil {
			return generator.Rendered{}, err
		}
		return renderTree(context.Background(), files)
	}
}

func renderTree(ctx context.Context, t tree.Tree) (generator.Rendered, error) {
	r, err := library.Read(t, blueprint.Medium)
	if err != nil {
		return generator.Rendered{}, err
	}
	return library.Render(ctx, r, generator.RenderOptions{})
}

// renderSpec renders the platform of a spec, by records.
func renderSpec(t *testing.T, spec blueprint.Spec) generator.Rendered {
	t.Helper()
	r, err := rendered(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rendered(ctx context.Context, spec blueprint.Spec) (r generator.Rendered, err error) {
	text, err := sigs.Marshal(spec.WithDefaults())
	if err != nil {
		return r, err
	}
	p, err := library.Evaluate(ctx, generator.SpecText{Text: text, File: blueprint.SpecFile})
	if err != nil {
		return r, err
	}
	made, err := library.Lay(ctx, p)
	if err != nil {
		return r, err
	}
	return library.Render(ctx, made, generator.RenderOptions{})
}
