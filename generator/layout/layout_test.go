package layout

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// lights is a platform of two clusters: the hub has Argo CD and a lamp with extras, the other one only the lamp.
func lights() Input {
	spec := blueprint.Spec{Name: "lights", Tier: blueprint.Small, Clusters: []blueprint.Cluster{{Name: "hub"}, {Name: "edge", Server: "https://edge.example.org:6443"}}}
	argocd := blueprint.Component{
		Name: "argo-cd", Namespace: "gitops", Capability: "gitops", Wave: -5, Protect: true, CRDs: true,
		Charts:     []blueprint.Chart{{Repo: "https://charts.example.org", Name: "argo-cd", Version: "1.0.0", ReleaseName: "argocd", Values: object{"a": object{"b": 1.0}}}},
		Namespaces: map[string]string{"gitops": "restricted"}, Registries: []string{"quay.io/argoproj/"},
		Reasons: blueprint.Reasons{{At: []any{"charts", 0, "values", "a"}, Text: "Why a."}, {At: []any{"charts", 0, "values", "gone"}, Text: "Never."}},
	}
	lamp := blueprint.Component{
		Name: "lamp", Namespace: "lamps", Objects: map[string]any{"lamp.yaml": object{"kind": "Lamp", "apiVersion": "v1", "metadata": object{"name": "lamp"}}},
		Extras: map[string]any{"switch.yaml": list{object{"apiVersion": "v1", "kind": "Switch", "metadata": object{"name": "a"}}}}, ExtrasWave: 3,
		Registries: []string{"ghcr.io/lamps/", "quay.io/argoproj/"},
		Waivers:    []blueprint.Waiver{{Rule: "a/b", Match: blueprint.Match{Kind: "Lamp"}, Reason: "It glows."}},
	}
	return Input{
		Spec: spec.WithDefaults(), SpecText: []byte("# mine\napiVersion: gitopsgen/v1\n"), Version: "1.2.3",
		Blueprint: blueprint.Blueprint{
			Stages:       []blueprint.Stage{{Name: "namespaces", Wave: -100}, {Name: "projects", Wave: -45}, {Name: "last", Wave: 50}},
			Capabilities: map[string]blueprint.Choice{"gitops": {Option: "argo-cd"}, "dns": {Missing: true}, "metrics": {None: true}},
			Clusters:     []blueprint.Platform{{Name: "hub", Components: []blueprint.Component{argocd, lamp}}, {Name: "edge", Components: []blueprint.Component{lamp}}},
		},
		Templates: fstest.MapFS{
			"files/README.md.tmpl":    {Data: []byte("{{.Name}} on {{.Hub.Name}} in {{.Argocd}}\n")},
			"files/docs/none.md.tmpl": {Data: []byte("{{if eq .Name \"other\"}}text{{end}}\n")},
		},
	}
}

func build(t *testing.T, in Input) tree.Tree {
	t.Helper()
	made, err := Tree(in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func text(t *testing.T, made tree.Tree, path string) string {
	t.Helper()
	f, ok := made.File(path)
	if !ok {
		t.Fatalf("no file %s", path)
	}
	return string(f.Data)
}

// own lists the files besides gitopsgen's own.
func own(made tree.Tree) []string {
	var paths []string
	for _, f := range made.Files() {
		if !strings.HasPrefix(f.Path, ".gitopsgen/") {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

func TestTreeOfTwoClusters(t *testing.T) {
	made := build(t, lights())
	want := `README.md
bootstrap/edge.yaml
bootstrap/hub.yaml
bootstrap/kustomization.yaml
bootstrap/project.yaml
clusters/edge/apps/lamp-extras.yaml
clusters/edge/apps/lamp.yaml
clusters/edge/components/lamp-extras/kustomization.yaml
clusters/edge/components/lamp-extras/switch.yaml
clusters/edge/components/lamp/kustomization.yaml
clusters/edge/components/lamp/lamp.yaml
clusters/hub/apps/argo-cd.yaml
clusters/hub/apps/bootstrap.yaml
clusters/hub/apps/lamp-extras.yaml
clusters/hub/apps/lamp.yaml
clusters/hub/apps/namespaces.yaml
clusters/hub/components/argo-cd/kustomization.yaml
clusters/hub/components/argo-cd/values.yaml
clusters/hub/components/lamp-extras/kustomization.yaml
clusters/hub/components/lamp-extras/switch.yaml
clusters/hub/components/lamp/kustomization.yaml
clusters/hub/components/lamp/lamp.yaml
clusters/hub/namespaces/gitops.yaml
gitopsgen.yaml`
	if got := strings.Join(own(made), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := &txtar.Archive{}
	for _, path := range append(own(made), ".gitopsgen/waivers.yaml") {
		got.Files = append(got.Files, txtar.File{Name: path, Data: []byte(text(t, made, path))})
	}
	goldentest.Compare(t, txtar.Format(got), "generator/layout/testdata/two_clusters.txtar")
}

// TestTreeIsTheSameForEqualInputs also builds the spec that a tree was written with again.
func TestTreeIsTheSameForEqualInputs(t *testing.T) {
	first := build(t, lights())
	for range 10 {
		if !reflect.DeepEqual(build(t, lights()), first) {
			t.Fatal("got other bytes")
		}
	}
	in := lights()
	in.SpecText = []byte(text(t, first, blueprint.SpecFile))
	if !reflect.DeepEqual(build(t, in), first) {
		t.Error("got other bytes from the spec that was written")
	}
}

func TestTreeLeavesOutWhatBringsNothing(t *testing.T) {
	in := lights()
	facts := blueprint.Component{Name: "facts", Namespace: "facts", Capability: "dns"}
	late := blueprint.Component{Name: "late", Namespace: "late", Extras: map[string]any{"a.yaml": object{"kind": "A"}}}
	in.Blueprint.Clusters[0].Components = append(in.Blueprint.Clusters[0].Components, facts, late)
	made := build(t, in)
	for _, path := range own(made) {
		if strings.Contains(path, "facts") || strings.Contains(path, "/late/") || strings.HasSuffix(path, "/late.yaml") {
			t.Errorf("got %s", path)
		}
	}
	if got := text(t, made, "clusters/hub/apps/late-extras.yaml"); !strings.Contains(got, "name: hub-late-extras") {
		t.Errorf("got\n%s", got)
	}
}

func TestTreeRefuses(t *testing.T) {
	for _, c := range []struct {
		change func(*Input)
		want   string
	}{
		{func(in *Input) { in.Blueprint.Clusters = in.Blueprint.Clusters[:1] }, `the blueprint builds the clusters ["hub"]: want ["hub" "edge"], as in gitopsgen.yaml`},
		{func(in *Input) {
			in.Blueprint.Clusters[0].Components[1].Namespaces = map[string]string{"gitops": "baseline"}
		},
			`cluster "hub": namespace "gitops" is restricted for the component "argo-cd" and baseline for "lamp": want one level`},
		{func(in *Input) { in.Blueprint.Clusters = nil }, `the blueprint builds the clusters []: want ["hub" "edge"], as in gitopsgen.yaml`},
		{func(in *Input) { in.UserFiles = []tree.File{{Path: "README.md"}} }, "README.md: the blueprint imports it, and gitopsgen writes it"},
		{func(in *Input) { in.UserFiles = []tree.File{{Path: "gitopsgen.yaml"}} }, "gitopsgen.yaml: the blueprint imports it, and gitopsgen writes it"},
		{func(in *Input) { in.Blueprint.Clusters[1].Components[0].Name = "../../x" }, `path "clusters/edge/apps/../../x-extras.yaml": want a clean path relative to the root`},
		{func(in *Input) { in.SpecText = []byte("[") }, "gitopsgen.yaml: capabilities.gitops: not YAML: yaml: line 1: did not find expected node content"},
		{func(in *Input) { in.Templates = fstest.MapFS{"files/a.tmpl": {Data: []byte("{{.Nonsense}}")}} }, "template a: "},
	} {
		in := lights()
		c.change(&in)
		if _, err := Tree(in); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestLock(t *testing.T) {
	in := lights()
	in.UserFiles = []tree.File{{Path: "my.jsonnet", Data: []byte("{}"), Executable: true}}
	made := build(t, in)
	got, found, err := lock.Read(made)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	charts := []lock.Chart{{Name: "argo-cd", Repository: "https://charts.example.org", Version: "1.0.0", Digest: lock.Unverified}}
	if got.Gitopsgen != "1.2.3" || got.Blueprint != "small" || !slices.Equal(got.Charts, charts) || !slices.Equal(got.Registries, []string{"ghcr.io/lamps/", "quay.io/argoproj/"}) {
		t.Errorf("got %+v", got)
	}
	if edited := got.Edited(made); len(edited) > 0 {
		t.Errorf("got %q edited in what was just written", edited)
	}
	generated := got.Generated()
	for _, f := range made.Files() {
		theirs := f.Path == blueprint.SpecFile || f.Path == "my.jsonnet"
		if slices.Contains(generated, f.Path) == theirs {
			t.Errorf("%s: got generated %t", f.Path, !theirs)
		}
		if data, ok := got.Pristine(f.Path); ok && !bytes.Equal(data, f.Data) {
			t.Errorf("%s: its base differs", f.Path)
		}
	}
	for _, path := range generated {
		if _, ok := made.File(path); !ok {
			t.Errorf("%s: generated, and not there", path)
		}
	}
	ids := map[string]bool{}
	for _, f := range got.Files {
		if ids[f.ID] {
			t.Errorf("the id %s stands twice", f.ID)
		}
		ids[f.ID] = true
	}
}

// TestEdited changes, and takes away, each file.
func TestEdited(t *testing.T) {
	made := build(t, lights())
	was, _, err := lock.Read(made)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range made.Files() {
		others := slices.Concat(made.Files()[:i], made.Files()[i+1:])
		gone, err := tree.New(others...)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := tree.New(append(others, tree.File{Path: f.Path, Data: append(slices.Clone(f.Data), '\n')})...)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		if slices.ContainsFunc(was.Files, func(l lock.File) bool { return l.Path == f.Path }) {
			want = []string{f.Path}
		}
		for _, is := range []tree.Tree{gone, changed} {
			if got := was.Edited(is); !slices.Equal(got, want) {
				t.Errorf("%s: got %q edited, want %q", f.Path, got, want)
			}
		}
	}
}

// TestPatches wants the patch to be text in the tree, whatever it is in the component.
func TestPatches(t *testing.T) {
	in := lights()
	target := object{"kind": "Lamp"}
	in.Blueprint.Clusters[1].Components[0].Patches = list{
		object{"target": target, "patch": object{"spec": object{"watts": 3.0}, "kind": "Lamp"}},
		object{"target": target, "patch": list{object{"op": "remove", "path": "/spec/shade"}}},
		object{"target": target, "patch": "kind: Lamp\n"},
	}
	want := `patches:
  - target:
      kind: Lamp
    patch: |
      kind: Lamp
      spec:
        watts: 3
  - target:
      kind: Lamp
    patch: |
      - op: remove
        path: /spec/shade
  - target:
      kind: Lamp
    patch: |
      kind: Lamp
`
	if got := text(t, build(t, in), "clusters/edge/components/lamp/kustomization.yaml"); !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant in it\n%s", got, want)
	}
}

// TestProtect wants a component that is protected to keep everything, and its extras to go when they are not wanted any more.
func TestProtect(t *testing.T) {
	in := lights()
	in.Blueprint.Clusters[1].Components[0].Protect = true
	made := build(t, in)
	for path, goes := range map[string]bool{"clusters/edge/apps/lamp.yaml": false, "clusters/edge/apps/lamp-extras.yaml": true, "clusters/hub/apps/lamp.yaml": true} {
		app := text(t, made, path)
		if strings.Contains(app, "prune: true\n") != goes || strings.Contains(app, "- resources-finalizer.argocd.argoproj.io\n") != goes {
			t.Errorf("%s: want pruning and a finalizer to be %t:\n%s", path, goes, app)
		}
	}
}

// TestWhatTemplatesSee wants pages, sections and groups of all clusters: a section once, a group of what has charts there.
func TestWhatTemplatesSee(t *testing.T) {
	chart := []blueprint.Chart{{Repo: "https://charts.example.org", Name: "any", Version: "1.0.0"}}
	lamp := blueprint.Component{Name: "lamp", With: []string{"bulb", "cord", "shade"}, Charts: chart, Hosts: []string{"lamp.example.org"}, Readme: blueprint.Readme{Section: "## Lamps\n\nThey glow.\n"}}
	bulb := blueprint.Component{Name: "bulb", Charts: chart}
	cord := blueprint.Component{Name: "cord"}
	alone := blueprint.Component{Name: "alone", With: []string{"cord"}, Charts: chart}
	b := blueprint.Blueprint{Clusters: []blueprint.Platform{
		{Name: "hub", Components: []blueprint.Component{alone, bulb, cord, lamp}},
		{Name: "edge", Components: []blueprint.Component{bulb, lamp}},
	}}
	if got, want := groups(b), []group{{"lamp", []string{"bulb", "lamp"}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got the groups %v, want %v", got, want)
	}
	section := func(c blueprint.Component) string { return c.Readme.Section }
	if got, want := said(b, section), []string{"## Lamps\n\nThey glow."}; !slices.Equal(got, want) {
		t.Errorf("got the sections %q, want %q", got, want)
	}
	if got, want := pages(b), []page{{"hub", "lamp.example.org", "lamp"}, {"edge", "lamp.example.org", "lamp"}}; !slices.Equal(got, want) {
		t.Errorf("got the pages %v, want %v", got, want)
	}
}

// TestWhatComponentsSay wants what components say of themselves where it belongs, in the order in which they come, and once.
func TestWhatComponentsSay(t *testing.T) {
	in := lights()
	in.Templates = fstest.MapFS{
		"files/README.md.tmpl":  {Data: []byte("{{.Machines}} {{.Started}} {{.Sections}} {{.Edit}}")},
		"files/.gitignore.tmpl": {Data: []byte("{{.Agents}} {{.Ignored}}")},
	}
	for i, c := range in.Blueprint.Clusters[0].Components {
		c.Readme = blueprint.Readme{Machines: "m", Started: "s", Section: "section of " + c.Name, Edit: "e"}
		c.Agents, c.Ignored = "a", map[string]string{"x": "why"}
		in.Blueprint.Clusters[0].Components[i] = c
	}
	lamp := &in.Blueprint.Clusters[0].Components[1]
	lamp.Wave, lamp.Files = -7, map[string]string{".lamps/on": "yes"}
	made := build(t, in)
	for path, want := range map[string]string{
		"README.md": "[m] [s] [section of lamp section of argo-cd] [e]", ".gitignore": "[a] [{x why}]", ".lamps/on": "yes",
	} {
		if f, _ := made.File(path); !strings.HasSuffix("\n"+string(f.Data), "\n"+want) {
			t.Errorf("%s: got %q, want %q", path, f.Data, want)
		}
	}
	lamp.Files = map[string]string{"README.md": "mine"}
	if _, err := Tree(in); err == nil || !strings.Contains(err.Error(), "README.md") {
		t.Errorf("got %v, want an error: the file is there already", err)
	}
}

// TestFolders wants a folder for the users' own files to be there, and an Application that deploys what they put into it
// and leaves it when it goes.
func TestFolders(t *testing.T) {
	in := lights()
	in.Blueprint.Clusters[1].Components[0].Folders = map[string]string{"shades": "What stands here dims the lamps."}
	in.Blueprint.Clusters[1].Components[0].Wave = 7
	made := build(t, in)
	if got, want := text(t, made, "clusters/edge/shades/README.md"), " -->\nWhat stands here dims the lamps.\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	app := text(t, made, "clusters/edge/apps/shades.yaml")
	for _, want := range []string{"name: edge-shades\n", "sync-wave: \"50\"\n", "path: clusters/edge/shades\n", "prune: true\n", "limit: -1\n", "namespace: lamps\n"} {
		if !strings.Contains(app, want) {
			t.Errorf("got\n%s\nwant %q in it", app, want)
		}
	}
	if strings.Contains(app, "finalizers") {
		t.Errorf("got a finalizer, want none:\n%s", app)
	}
}
