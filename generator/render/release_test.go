package render_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree/treetest"
)

// packed is an archive with files, given as name and text.
func packed(t *testing.T, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	lampApp = `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: lamp}, spec: {source: {repoURL: x, path: chart}}}`
	lampMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
)

// TestDependencies states what becomes of the charts that a chart of the repository needs: packed ones and those of other folders
// are rendered, and what is wrong with them is told.
func TestDependencies(t *testing.T) {
	bulb := "apiVersion: v2\nname: bulb\nversion: 1.0.0\n"
	needs := func(repository string) string {
		return "apiVersion: v2\nname: lamp\nversion: 1.0.0\ndependencies: [{name: bulb, version: 1.0.0, repository: '" + repository + "'}]\n"
	}
	nested := packed(t, "bulb/Chart.yaml", bulb)
	for range 20 {
		nested = packed(t, "bulb/Chart.yaml", bulb, "bulb/charts/bulb.tgz", nested)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"packed": {map[string]string{
			"chart/charts/bulb-1.0.0.tgz": packed(t, "bulb/Chart.yaml", bulb, "bulb/templates/b.yaml", fmt.Sprintf(lampMap, "bulb")),
		}, "ConfigMap bulb"},
		"beside":      {map[string]string{"chart/Chart.yaml": needs("file://../bulb"), "bulb/Chart.yaml": bulb, "bulb/templates/b.yaml": fmt.Sprintf(lampMap, "bulb")}, "ConfigMap bulb"},
		"round":       {map[string]string{"chart/Chart.yaml": needs("file://../bulb"), "bulb/Chart.yaml": bulb + "dependencies: [{name: lamp, repository: 'file://../chart'}]\n"}, "chart in chart: its dependencies go round: chart, bulb, chart"},
		"nowhere":     {map[string]string{"chart/Chart.yaml": needs("file://../gone")}, `chart in chart: it depends on "bulb" in "../gone", where no such chart stands`},
		"out":         {map[string]string{"chart/Chart.yaml": needs("file://../../bulb")}, `chart in chart: it depends on "bulb" in "../../bulb", which leads out of the repository`},
		"unnamed":     {map[string]string{"chart/Chart.yaml": needs("")}, `chart in chart: it depends on "bulb", which names no repository and does not stand in charts/`},
		"alias":       {map[string]string{"chart/Chart.yaml": needs("@ours")}, `its chart depends on "bulb" of "@ours", a name that only Argo CD's own settings explain`},
		"fetched":     {map[string]string{"chart/Chart.yaml": needs("https://charts.example.org")}, "chart bulb 1.0.0 of https://charts.example.org is not at hand"},
		"unversioned": {map[string]string{"chart/Chart.yaml": strings.Replace(needs("file://../bulb"), "version: 1.0.0, ", "", 1)}, `chart in chart: it depends on "bulb" without a version`},
		"outdated": {map[string]string{"chart/Chart.yaml": strings.Replace(needs("file://../bulb"), "bulb, version: 1.0.0", "bulb, version: 2.x", 1), "bulb/Chart.yaml": bulb},
			`chart in chart: it depends on "bulb" 2.x in "../bulb", where version 1.0.0 stands`},
		"two versions": {map[string]string{
			"chart/Chart.yaml": "apiVersion: v2\nname: lamp\nversion: 1.0.0\ndependencies: [{name: bulb, version: 1.x, repository: 'file://../bulb', alias: old}, {name: bulb, version: 2.x, repository: 'file://../new', alias: new}]\n",
			"bulb/Chart.yaml":  bulb, "bulb/templates/b.yaml": fmt.Sprintf(lampMap, "old"),
			"new/Chart.yaml": strings.Replace(bulb, "1.0.0", "2.0.0", 1), "new/templates/b.yaml": fmt.Sprintf(lampMap, "new"),
		}, "ConfigMap new\nConfigMap old\nConfigMap lamp"},
		"out of sync": {map[string]string{
			"chart/Chart.yaml": needs("file://../bulb"), "bulb/Chart.yaml": bulb,
			"chart/Chart.lock": "dependencies:\n- {name: bulb, version: 1.0.0, repository: 'file://../bulb'}\ndigest: sha256:0\n",
		}, "chart in chart: Chart.lock is out of sync with the dependencies in Chart.yaml"},
		"in sync": {map[string]string{
			"chart/Chart.yaml": strings.Replace(needs("file://../bulb"), "version: 1.0.0, ", "version: 1.x, ", 1), "bulb/Chart.yaml": bulb, "bulb/templates/b.yaml": fmt.Sprintf(lampMap, "bulb"),
			"chart/Chart.lock": "dependencies:\n- {name: bulb, version: 1.0.0, repository: 'file://../bulb'}\ndigest: sha256:0bdfe3dc61734e8e97e50a36567d88c91587ec12d75971aef18356b87bc162df\n",
		}, "ConfigMap bulb"},
		"out of sync and not asked": {map[string]string{
			"chart/Chart.yaml": needs("file://../bulb"), "chart/Chart.lock": "digest: sha256:0\n",
			"chart/charts/bulb/Chart.yaml": bulb, "chart/charts/bulb/templates/b.yaml": fmt.Sprintf(lampMap, "bulb"),
		}, "ConfigMap bulb"},
		"leads":    {map[string]string{"chart/charts/bulb.tgz": packed(t, "bulb/../../x", "x")}, `chart in chart: charts/bulb.tgz: its archive holds "bulb/../../x", which leads out of the chart's folder`},
		"nested":   {map[string]string{"chart/charts/bulb.tgz": nested}, "more than 16 deep"},
		"no chart": {map[string]string{"chart/charts/bulb.tgz": "no archive"}, "chart in chart: charts/bulb.tgz: its archive is no gzipped tar archive"},
	} {
		files := map[string]string{"app.yaml": lampApp, "chart/Chart.yaml": "apiVersion: v2\nname: lamp\nversion: 1.0.0\n", "chart/templates/l.yaml": fmt.Sprintf(lampMap, "lamp")}
		maps.Copy(files, c.files)
		result, err := render.All(t.Context(), treetest.Of(t, files), render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, res := range result.Resources {
			got = append(got, fmt.Sprint(res.ID))
		}
		for _, p := range result.Problems {
			got = append(got, p.Message)
		}
		got = append(got, result.Applications[0].State.Reason)
		if !strings.Contains(strings.Join(got, "\n"), c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSinceOfCharts states that a change renders exactly those Applications again whose charts read what was changed.
func TestSinceOfCharts(t *testing.T) {
	app := `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: %s}, spec: {sources: [{repoURL: x, ref: r}, {repoURL: x, path: %s, helm: {%s}}]}}`
	before := map[string]string{
		"apps/a.yaml": fmt.Sprintf(app, "a", "chart", "valueFiles: [$r/a.yaml]"), "apps/b.yaml": fmt.Sprintf(app, "b", "chart", "valueFiles: ['../envs/*.yaml']"),
		"apps/c.yaml": fmt.Sprintf(app, "c", "other", "parameters: [{name: x, value: v}]"), "apps/d.yaml": fmt.Sprintf(app, "d", "plain", ""),
		"a.yaml": "x: a\n", "envs/b.yaml": "x: b\n", "bulb/Chart.yaml": "apiVersion: v2\nname: bulb\nversion: 1.0.0\n", "bulb/templates/b.yaml": "",
		"plain/Chart.yaml": "apiVersion: v2\nname: plain\nversion: 1.0.0\ndependencies: [{name: bulb, version: 1.0.0, repository: 'file://../bulb'}]\n",
	}
	for _, dir := range []string{"chart", "other"} {
		before[dir+"/Chart.yaml"], before[dir+"/templates/l.yaml"] = "apiVersion: v2\nname: lamp\nversion: 1.0.0\n", fmt.Sprintf(lampMap, "{{ .Values.x }}")
	}
	for file, c := range map[string]struct{ text, want string }{
		"a.yaml":                      {"x: z\n", "a"},
		"envs/b.yaml":                 {"x: z\n", "b"},
		"envs/c.yaml":                 {"x: z\n", "b"},
		"chart/templates/l.yaml":      {fmt.Sprintf(lampMap, "z"), "a b"},
		"other/values.yaml":           {"x: z\n", "c"},
		"apps/c.yaml":                 {fmt.Sprintf(app, "c", "other", "parameters: [{name: x, value: w}]"), "c"},
		"bulb/templates/b.yaml":       {fmt.Sprintf(lampMap, "bulb"), "d"},
		"other/.argocd-source-c.yaml": {"helm: {releaseName: z}\n", "c"},
	} {
		if got := renderedSince(t, before, file, c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", file, got, c.want)
		}
	}
}

// renderedSince names the Applications that a change of one file renders again.
func renderedSince(t *testing.T, before map[string]string, file, text string) string {
	t.Helper()
	after := maps.Clone(before)
	after[file] = text
	result, _, err := render.Since(t.Context(), render.Side{Tree: treetest.Of(t, after)}, []render.Side{{Tree: treetest.Of(t, before)}})
	if err != nil || len(result.Problems) > 0 {
		t.Fatal(err, result.Problems)
	}
	var got []string
	for _, a := range result.Applications {
		if a.State.Kind != build.Unchanged {
			got = append(got, a.Name)
		}
	}
	slices.Sort(got)
	return strings.Join(got, " ")
}

// TestSinceOfNested states that a chart counts for the Applications that reach it over others as far as Helm does: what a chart of
// the repository needs in turn is not rendered, but may make a circle.
func TestSinceOfNested(t *testing.T) {
	needs := func(name, of string) string {
		return fmt.Sprintf("apiVersion: v2\nname: %s\nversion: 1.0.0\ndependencies: [{name: %s, version: 1.0.0, repository: 'file://../%[2]s'}]\n", name, of)
	}
	before := map[string]string{
		"app.yaml":         lampApp,
		"chart/Chart.yaml": needs("chart", "bulb"), "bulb/Chart.yaml": needs("bulb", "socket"), "socket/Chart.yaml": needs("socket", "wire"),
		"wire/Chart.yaml": "apiVersion: v2\nname: wire\nversion: 1.0.0\n", "wire/templates/w.yaml": fmt.Sprintf(lampMap, "wire"),
	}
	for file, c := range map[string]struct {
		text string
		want build.StateKind
	}{
		"wire/templates/w.yaml": {fmt.Sprintf(lampMap, "other"), build.Unchanged},
		"wire/Chart.yaml":       {needs("wire", "chart"), build.Failed},
		"bulb/values.yaml":      {"x: 1\n", build.Rendered},
	} {
		after := maps.Clone(before)
		after[file] = c.text
		result, _, err := render.Since(t.Context(), render.Side{Tree: treetest.Of(t, after)}, []render.Side{{Tree: treetest.Of(t, before)}})
		if err != nil || result.Applications[0].State.Kind != c.want {
			t.Errorf("%s: got %v, %v, want %v", file, result.Applications, err, c.want)
		}
	}
}

// TestFollowOnly states that nothing is rendered that can hold no Application, and that what may is rendered as ever.
func TestFollowOnly(t *testing.T) {
	files := map[string]string{
		"app.yaml": lampApp, "chart/Chart.yaml": "apiVersion: v2\nname: lamp\nversion: 1.0.0\n", "chart/templates/l.yaml": "{{ fail .Values.why }}",
		"k/kustomization.yaml":     "helmCharts: [{name: lamp, valuesInline: {why: here}}]\nhelmGlobals: {chartHome: charts}\n",
		"k/charts/lamp/Chart.yaml": "apiVersion: v2\nname: lamp\nversion: 1.0.0\n", "k/charts/lamp/templates/l.yaml": "{{ fail .Values.why }}",
	}
	for values, want := range map[string]int{"why: nothing\n": 0, "why: argoproj.io\n": 1} {
		for _, chart := range []string{"chart", "k/charts/lamp"} {
			after := maps.Clone(files)
			after[chart+"/values.yaml"] = values
			result, err := render.All(t.Context(), treetest.Of(t, after), render.Options{Options: build.Options{FollowOnly: true}})
			if err != nil || len(result.Problems) != want {
				t.Errorf("%s, %q: got %v, %v, want %d problems", chart, values, result.Problems, err, want)
			}
		}
	}
}
