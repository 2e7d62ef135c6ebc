package locate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/locate"
)

// rendered is a kustomization with a chart that has so many objects that may read any value, though none sets anything, and one
// more that the value lamp.watts sets, which stands in values.yaml. Its name puts it before the others, or behind them.
func rendered(t *testing.T, dull int, lamp string) (render.Result, linter.Report) {
	t.Helper()
	files := map[string]string{
		"kustomization.yaml":           "helmCharts:\n  - name: lamp\n    valuesFile: values.yaml\n",
		"values.yaml":                  "# ours\nlamp:\n  watts: 5\n",
		"charts/lamp/Chart.yaml":       "apiVersion: v2\nname: lamp\nversion: 1.0.0\n",
		"charts/lamp/values.yaml":      "lamp: {watts: 1}\n",
		"charts/lamp/templates/l":      "",
		"charts/lamp/templates/l.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + lamp + "}\ndata: {watts: \"{{ .Values.lamp.watts }}\"}\n",
	}
	for i := range 60 {
		files["charts/lamp/values.yaml"] += fmt.Sprintf("other%d: {odd: true}\n", i)
	}
	for i := range dull {
		files[fmt.Sprintf("charts/lamp/templates/%d.yaml", i)] = fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dull%02d}\ndata: {odd: x} {{- $any := .Values }}\n", i)
	}
	var all []tree.File
	for path, text := range files {
		all = append(all, tree.File{Path: path, Data: []byte(text)})
	}
	repository, err := tree.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), repository, render.Options{})
	if err != nil || len(result.Problems) > 0 || len(result.Resources) != dull+1 {
		t.Fatalf("got %d objects, %v, %v", len(result.Resources), result.Problems, err)
	}
	var report linter.Report
	for i := range result.Resources {
		f := linter.Finding{Message: result.Resources[i].ID.Name, At: manifest.Path{"data", "odd"}}
		if result.Resources[i].ID.Name == lamp {
			f.At = manifest.Path{"data", "watts"}
		}
		report.Findings = append(report.Findings, f.About(&result.Resources[i]))
	}
	return result, report.With(report.Findings)
}

// TestValues states that a finding about a chart's field is moved to the value that sets it, that others stay, and that the number of
// probes bounds the search whether or not answers are in the cache.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		dull  int
		lamp  string
		found bool
	}{
		{2, "zlamp", true}, {40, "alamp", true}, {40, "zlamp", false},
	} {
		dir := t.TempDir()
		for _, cache := range []string{"", dir, dir} {
			result, report := rendered(t, c.dull, c.lamp)
			located, err := locate.Values(t.Context(), report, result, cache)
			if err != nil {
				t.Fatal(err)
			}
			var moved []string
			for _, f := range located.Findings {
				if len(f.Value) > 0 {
					moved = append(moved, fmt.Sprint(f.Place, " ", f.Value))
				} else if f.Place.File != "kustomization.yaml" {
					t.Errorf("%s stands at %s without a value", f.Message, f.Place)
				}
			}
			want := ""
			if c.found {
				want = "values.yaml:3:10 lamp.watts"
			}
			if got := strings.Join(moved, ", "); got != want || len(located.Findings) != c.dull+1 {
				t.Errorf("%+v, cache %q: got %q among %d findings, want %q", c, cache, got, len(located.Findings), want)
			}
		}
	}
}

// TestOverruled states that a finding about a field which something else sets over the chart stays where that is.
func TestOverruled(t *testing.T) {
	result, report := rendered(t, 0, "lamp")
	place := manifest.Place{File: "app.yaml", Line: 7, Column: 9}
	result.Resources[0].Origin.Fields = []manifest.FieldOrigin{{At: manifest.Path{"data", "watts"}, Place: place}}
	report.Findings[0] = report.Findings[0].About(&result.Resources[0])
	located, err := locate.Values(t.Context(), report, result, "")
	if err != nil || located.Findings[0].Place != place || len(located.Findings[0].Value) > 0 {
		t.Errorf("got %v, %v at %s, want it at %s", err, located.Findings[0].Value, located.Findings[0].Place, place)
	}
}
