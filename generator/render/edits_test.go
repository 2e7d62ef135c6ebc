package render_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/tree/treetest"
)

// TestSinceOfEdits states that a change renders exactly those Applications again whose kustomizations and Jsonnet files read what was
// changed, be it that the Application itself names it.
func TestSinceOfEdits(t *testing.T) {
	app := `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: %s}, spec: {source: {repoURL: x, path: %s, %s}}}`
	map1 := func(name string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n", name)
	}
	component := "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {a: %s}\n"
	before := map[string]string{
		"apps/a.yaml":          fmt.Sprintf(app, "a", "k", "kustomize: {components: [../c/*], patches: [{path: patch.yaml, target: {kind: ConfigMap}}]}"),
		"apps/b.yaml":          fmt.Sprintf(app, "b", "k", "kustomize: {namePrefix: b-}"),
		"apps/c.yaml":          fmt.Sprintf(app, "c", "k", "kustomize: {components: [../gone], ignoreMissingComponents: true}"),
		"apps/d.yaml":          fmt.Sprintf(app, "d", "j", "directory: {jsonnet: {libs: [lib, newer]}}"),
		"apps/e.yaml":          fmt.Sprintf(app, "e", "j/e", "directory: {jsonnet: {tlas: [{name: x, value: v}]}}"),
		"k/kustomization.yaml": "resources: [map.yaml]\n", "k/map.yaml": map1("a"), "k/patch.yaml": "[{op: add, path: /data, value: {a: b}}]\n",
		"c/one/kustomization.yaml": fmt.Sprintf(component, "b"),
		"j/d.jsonnet":              "local l = import 'l.libsonnet'; if false then import 'unused.libsonnet' else l", "lib/l.libsonnet": "import 'm.libsonnet'",
		"lib/m.libsonnet": "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'd' }, data: { t: importstr 't.txt' } }", "lib/t.txt": "t",
		"lib/unused.libsonnet": "{}", "lib/nobody.libsonnet": "{}",
		"j/e/e.jsonnet": "function(x) { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: x } }",
	}
	before["k/patch.yaml"] = `[{"op": "add", "path": "/data", "value": {"a": "b"}}]`
	for file, c := range map[string]struct{ text, want string }{
		"k/map.yaml":                 {map1("z"), "a b c"},
		"k/patch.yaml":               {`[{"op": "add", "path": "/data", "value": {"a": "z"}}]`, "a"},
		"c/one/kustomization.yaml":   {fmt.Sprintf(component, "z"), "a"},
		"c/two/kustomization.yaml":   {fmt.Sprintf(component, "z"), "a"},
		"gone/kustomization.yaml":    {fmt.Sprintf(component, "z"), "c"},
		"k/.argocd-source-b.yaml":    {"kustomize: {nameSuffix: -z}\n", "b"},
		"apps/b.yaml":                {fmt.Sprintf(app, "b", "k", "kustomize: {namePrefix: z-}"), "b"},
		"lib/t.txt":                  {"z", "d"},
		"lib/m.libsonnet":            {strings.Replace(before["lib/m.libsonnet"], "'d'", "'z'", 1), "d"},
		"newer/m.libsonnet":          {strings.Replace(before["lib/m.libsonnet"], "'d'", "'z'", 1), ""}, // what stands beside the file comes first
		"newer/l.libsonnet":          {strings.Replace(before["lib/m.libsonnet"], "importstr 't.txt'", "'z'", 1), "d"},
		"lib/unused.libsonnet":       {"{ a: 'z' }", "d"},
		"lib/nobody.libsonnet":       {"{ a: 'z' }", ""},
		"j/e/e.jsonnet":              {before["j/e/e.jsonnet"] + " + { data: {} }", "e"},
		"apps/e.yaml":                {fmt.Sprintf(app, "e", "j/e", "directory: {jsonnet: {tlas: [{name: x, value: z}]}}"), "e"},
		"k/.argocd-source.yaml":      {"kustomize: {namespace: z}\n", "a b c"},
		"j/e/.argocd-source-e.yaml":  {"directory: {jsonnet: {tlas: [{name: x, value: z}]}}\n", "e"},
		"c/one/.argocd-source-e.yml": {"a", ""},
	} {
		if got := renderedSince(t, before, file, c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", file, got, c.want)
		}
	}
}

// TestSinceFollowsJsonnet states that Applications in what Jsonnet gives are followed where that is unchanged.
func TestSinceFollowsJsonnet(t *testing.T) {
	app := "{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'found' }, spec: { source: { repoURL: 'x', path: 'found' } } }"
	before := map[string]string{
		"loose.jsonnet": "import 'app.libsonnet'", "app.libsonnet": app, "argument.jsonnet": "function(x) x",
		"found/kustomization.yaml": "resources: [map.yaml]\n", "found/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: found}\n",
	}
	kept := cache.OpenStore(t.TempDir())
	for _, file := range []string{"found/map.yaml", "app.libsonnet"} {
		after := maps.Clone(before)
		after[file] = strings.Replace(after[file], "found", "changed", 1)
		for range 2 { // the second time what is unchanged is in the cache
			result, _, err := render.Since(t.Context(), render.Side{Tree: treetest.Of(t, after), Options: render.Options{Options: build.Options{Kept: kept}}}, []render.Side{{Tree: treetest.Of(t, before)}})
			if err != nil || len(result.Problems) > 0 {
				t.Fatal(err, result.Problems)
			}
			var got []string
			for _, a := range result.Applications {
				got = append(got, fmt.Sprint(a.Name, " ", a.Objects))
			}
			if want := map[string]string{"found/map.yaml": "found 1", "app.libsonnet": "changed 1"}[file]; strings.Join(got, ", ") != want {
				t.Errorf("%s: got %q, want %q", file, got, want)
			}
		}
	}
}

// shop is a place of charts that counts who asks.
type shop struct{ asked int }

func (s *shop) Chart(context.Context, chart.Ref) (chart.Chart, error) {
	s.asked++
	return chart.Chart{Content: "lamp", Files: []tree.File{
		{Path: "Chart.yaml", Data: []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\n")}, {Path: "values.yaml", Data: []byte("{}\n")},
		{Path: "templates/app.yaml", Data: []byte("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lit}\nspec: {source: {repoURL: x, path: lit}}\n")},
	}}, nil
}

// TestSinceAfterAll states that what a whole rendering finds out is not found out again: a change has nothing else built, and finds the
// Applications that come out of it. Nor is what leads nowhere read.
func TestSinceAfterAll(t *testing.T) {
	before := map[string]string{
		"apps/a.yaml":          "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}, spec: {source: {repoURL: x, path: k}}}",
		"k/kustomization.yaml": "helmCharts: [{name: lamp, version: 1.0.0, repo: 'https://charts.example.org'}]\n",
		"lit/map.yaml":         "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lit}\n",
	}
	after := maps.Clone(before)
	after["lit/map.yaml"] += "data: {a: b}\n"
	for _, whole := range []bool{false, true} {
		asked := &shop{}
		options := render.Options{Options: build.Options{Kept: cache.OpenStore(t.TempDir()), Charts: []build.Charts{asked}}, Of: "lamps"}
		if whole {
			if _, err := render.All(t.Context(), treetest.Of(t, before), options); err != nil {
				t.Fatal(err)
			}
		}
		first := asked.asked
		known := build.ReadStates(build.KeptPlain(options.Kept, options.Of), treetest.Of(t, before))[0]
		if known.IsPlain("lit/map.yaml") != whole || known.IsPlain("apps/a.yaml") {
			t.Errorf("after a whole rendering: %v; the manifest is known: %v", whole, !whole)
		}
		result, _, err := render.Since(t.Context(), render.Side{Tree: treetest.Of(t, after), Options: options}, []render.Side{{Tree: treetest.Of(t, before), Options: options}})
		if err != nil || len(result.Problems) > 0 {
			t.Fatal(err, result.Problems)
		}
		var got []string
		for _, a := range result.Applications {
			got = append(got, fmt.Sprint(a.Name, " ", a.Objects))
		}
		if built := asked.asked > first; built == whole || strings.Join(got, ", ") != "a 0, lit 1" {
			t.Errorf("after a whole rendering: %v; built the chart: %v, got %q", whole, built, got)
		}
	}
}
