package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestReasonsAreWritten gives a reason for everything that may have one, and finds each in the file that it belongs to, above what
// it is about.
func TestReasonsAreWritten(t *testing.T) {
	in := lights()
	c := &in.Blueprint.Clusters[0].Components[0]
	c.Objects = map[string]any{"one.yaml": object{"a": 1.0}, "many.yaml": list{object{"a": 1.0}, object{"b": list{"x"}}}}
	c.Extras = map[string]any{"page.yaml": object{"a": 1.0}}
	c.Charts = append(c.Charts, blueprint.Chart{Name: "second", IncludeCRDs: true, Values: object{"a": 1.0}})
	c.Patches = list{object{"target": object{"kind": "K"}, "patch": object{"a": 1.0}}, object{"patch": "a: 1"}}
	c.Images = list{object{"name": "a", "newName": "b"}}
	c.SyncOptions, c.IgnoreDifferences, c.ExtrasWave = []string{"A=true"}, list{object{"kind": "K"}}, 4
	c.Tenants = []blueprint.Tenant{{Name: "t", Namespaces: []string{"t"}, Project: object{}, Objects: map[string]any{"t.yaml": list{object{"a": 1.0}}}}}
	const folder, apps = "clusters/hub/components/argo-cd", "clusters/hub/apps/argo-cd"
	wants := []struct {
		at          []any
		file, above string
	}{
		{[]any{"stage"}, apps + ".yaml", `    argocd.argoproj.io/sync-wave: "-5"`},
		{[]any{"extrasStage"}, apps + "-extras.yaml", `    argocd.argoproj.io/sync-wave: "4"`},
		{[]any{"wave"}, apps + ".yaml", `    argocd.argoproj.io/sync-wave: "-5"`},
		{[]any{"extrasWave"}, apps + "-extras.yaml", `    argocd.argoproj.io/sync-wave: "4"`},
		{[]any{"syncOptions"}, apps + ".yaml", "    syncOptions:"},
		{[]any{"syncOptions", 0}, apps + "-extras.yaml", "      - A=true"},
		{[]any{"ignoreDifferences", 0, "kind"}, apps + ".yaml", "    - kind: K"},
		{[]any{"namespaces", "gitops"}, "clusters/hub/namespaces/gitops.yaml", "  labels:"},
		{[]any{"objects", "one.yaml"}, folder + "/one.yaml", "a: 1"},
		{[]any{"objects", "one.yaml", "a"}, folder + "/one.yaml", "a: 1"},
		{[]any{"objects", "many.yaml", 1, "b", 0}, folder + "/many.yaml", "  - x"},
		{[]any{"extras", "page.yaml", "a"}, folder + "-extras/page.yaml", "a: 1"},
		{[]any{"charts"}, folder + "/kustomization.yaml", "helmCharts:"},
		{[]any{"charts", 0, "version"}, folder + "/kustomization.yaml", "    version: 1.0.0"},
		{[]any{"charts", 1, "includeCRDs"}, folder + "/kustomization.yaml", "    includeCRDs: true"},
		{[]any{"charts", 0, "values"}, folder + "/values.yaml", "a:"},
		{[]any{"charts", 0, "values", "a", "b"}, folder + "/values.yaml", "  b: 1"},
		{[]any{"charts", 1, "values", "a"}, folder + "/values-second.yaml", "a: 1"},
		{[]any{"patches"}, folder + "/kustomization.yaml", "patches:"},
		{[]any{"patches", 0, "target"}, folder + "/kustomization.yaml", "  - target:"},
		{[]any{"patches", 0, "patch"}, folder + "/kustomization.yaml", "      a: 1"},
		{[]any{"patches", 0, "patch", "a"}, folder + "/kustomization.yaml", "      a: 1"},
		{[]any{"patches", 1, "patch"}, folder + "/kustomization.yaml", "  - patch: 'a: 1'"},
		{[]any{"images", 0, "newName"}, folder + "/kustomization.yaml", "    newName: b"},
		{[]any{"tenants", 0, "objects", "t.yaml", 0, "a"}, "clusters/hub/tenants/t/t.yaml", "a: 1"},
	}
	for i, want := range wants {
		c.Reasons = blueprint.Reasons{{At: want.at, Text: fmt.Sprintf("Reason %d.", i)}}
		made := build(t, in)
		f, ok := made.File(want.file)
		if !ok {
			t.Fatalf("no file %s", want.file)
		}
		_, after, found := strings.Cut(string(f.Data), c.Reasons[0].Text+"\n")
		if line, _, _ := strings.Cut(after, "\n"); !found || line != want.above {
			t.Errorf("%v: got %q, want the reason above %q in\n%s", want.at, line, want.above, f.Data)
		}
	}
}

// TestReasonsChangeNoRecord states that a reason anywhere leaves the keys of records as they are.
func TestReasonsChangeNoRecord(t *testing.T) {
	in := lights()
	in.Blueprint.Clusters = in.Blueprint.Clusters[:1]
	c := &in.Blueprint.Clusters[0].Components[0]
	c.Patches = list{object{"patch": object{"a": 1.0}}}
	var keys []string
	for _, reasons := range []blueprint.Reasons{nil, {{At: []any{"patches", 0, "patch", "a"}, Text: "Why."}, {At: []any{"charts", 0, "values", "a"}, Text: "Why."}}} {
		c.Reasons = reasons
		got, err := RecordKeys(in.Spec, in.Blueprint)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, got["argo-cd"])
	}
	if keys[0] == "" || len(slices.Compact(keys)) != 1 {
		t.Errorf("got the keys %q, want one", keys)
	}
}
