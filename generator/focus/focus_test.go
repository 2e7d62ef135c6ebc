package focus_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/focus"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree/treetest"
	"github.com/gitopsgen/gitopsgen/linter"
)

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: lights}\n"

func application(name, source string) string {
	return fmt.Sprintf("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s}\nspec:\n  source: {repoURL: https://git.example.org/a.git, %s}\n", name, source)
}

// repository has an Application over an overlay, one over a chart with values that stand apart, and what none reaches.
func repository(t *testing.T) render.Result {
	t.Helper()
	files := map[string]string{
		"argo/web.yaml":                   application("web", "path: web/prod"),
		"argo/lamp.yaml":                  application("lamp", "path: charts/lamp, helm: {valueFiles: [/values/lamp.yaml]}"),
		"web/prod/kustomization.yaml":     "resources: [../base, map.yaml]\npatches: [{path: patch.yaml, target: {name: base}}]\n",
		"web/prod/map.yaml":               fmt.Sprintf(configMap, "prod"),
		"web/prod/patch.yaml":             fmt.Sprintf(configMap, "base") + "data: {a: b}\n",
		"web/base/kustomization.yaml":     "resources: [map.yaml]\n",
		"web/base/map.yaml":               fmt.Sprintf(configMap, "base"),
		"charts/lamp/Chart.yaml":          "apiVersion: v2\nname: lamp\nversion: 1.0.0\n",
		"charts/lamp/templates/lamp.yaml": fmt.Sprintf(configMap, "lamp"),
		"values/lamp.yaml":                "a: b\n",
		"loose/map.yaml":                  fmt.Sprintf(configMap, "loose"),
		"bad/kustomization.yaml":          "resources: [../worse]\n",
		"worse/kustomization.yaml":        "resources: [gone.yaml]\n",
		"docs/README.md":                  "nothing",
	}
	r, err := render.All(t.Context(), treetest.Of(t, files), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNarrow says what is seen from where.
func TestNarrow(t *testing.T) {
	r := repository(t)
	for _, c := range []struct{ path, objects, problems string }{
		{"argo", "lamp web base prod lamp", ""},
		{"web", "base prod", ""},
		{"web/prod", "base prod", ""},
		{"web/base", "base", ""},
		{"web/prod/map.yaml", "prod", ""},
		{"web/prod/patch.yaml", "base prod", ""},
		{"values", "lamp", ""},
		{"charts/lamp/templates", "lamp", ""},
		{"loose", "loose", ""},
		{"bad", "", "worse/kustomization.yaml"},
		{"worse", "", "worse/kustomization.yaml"},
		{"docs", "", ""},
		{"", "lamp web base prod lamp loose", "worse/kustomization.yaml"},
	} {
		v := focus.Path(c.path).Narrow(r)
		var objects, problems []string
		for _, res := range v.Resources {
			objects = append(objects, res.ID.Name)
		}
		for _, p := range v.Problems {
			problems = append(problems, p.Place.File)
		}
		slices.Sort(objects)
		want := strings.Fields(c.objects)
		slices.Sort(want)
		if !slices.Equal(objects, want) || strings.Join(problems, " ") != c.problems {
			t.Errorf("from %q: got %v and problems in %v, want %v and %q", c.path, objects, problems, want, c.problems)
		}
	}
}

// TestTold states that a finding is told from every folder that it stands below, and counted outside where its object is seen.
func TestTold(t *testing.T) {
	r := repository(t)
	for i := range r.Resources {
		f := linter.Finding{Resource: &r.Resources[i], Place: r.Resources[i].Place()}
		for _, path := range []focus.Path{"", "argo", "web", "web/prod", "web/base", "values", "charts", "loose", "bad", "docs"} {
			v := path.Narrow(r)
			if v.Told(f) != path.Has(f.Place.File) {
				t.Errorf("from %q: a finding in %s: got told %t", path, f.Place.File, v.Told(f))
			}
			outside := v.Outside([]linter.Finding{f, f})
			seen := slices.ContainsFunc(v.Resources, func(res manifest.Resource) bool { return res.Place() == f.Place })
			if want := seen && !v.Told(f); want != (len(outside) == 1) || want && outside[0] != (focus.Outside{File: f.Place.File, Findings: 2}) {
				t.Errorf("from %q: a finding in %s: got outside %v, want %t", path, f.Place.File, outside, want)
			}
		}
	}
}
