package argocd_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// parse reads the one object of a text.
func parse(t *testing.T, text string) manifest.Resource {
	t.Helper()
	resources, problems := manifest.Parse("a.yaml", []byte(text))
	if len(resources) != 1 || len(problems) > 0 {
		t.Fatalf("got %d objects, %v", len(resources), problems)
	}
	return resources[0]
}

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: lamp, namespace: argocd}
spec:
  project: lights
  destination: {name: prod, namespace: lights}
  sources:
    - repoURL: https://charts.example.org
      chart: lamp
      targetRevision: 1.2.3
      helm:
        valueFiles: [$values/a.yaml]
        valuesObject: {lit: true}
        parameters: [{name: a, value: b, forceString: true}]
    - {repoURL: https://git.example.org/a.git, ref: values}
  syncPolicy:
    automated: {prune: true}
    syncOptions: [CreateNamespace=true]
    retry: {limit: -1, refresh: true, backoff: {factor: 2}}
  ignoreDifferences:
    - {kind: Secret, jsonPointers: [/data]}
`

// TestReadApplication states that what stands in an Application is read with its types and places.
func TestReadApplication(t *testing.T) {
	a, problems := argocd.ReadApplication(parse(t, application))
	if len(problems) > 0 {
		t.Fatalf("got the problems %v", problems)
	}
	sources := a.Spec.Sources()
	if len(sources) != 2 || sources[1].Ref != "values" || sources[0].Chart != "lamp" {
		t.Fatalf("got the sources %+v", sources)
	}
	if at := a.Place(sources[1].At...); at.String() != "a.yaml:15:7" {
		t.Errorf("the second source is at %s, want a.yaml:15:7", at)
	}
	if h := sources[0].Helm; h == nil || h.ValueFiles[0] != "$values/a.yaml" || h.ValuesObject["lit"] != true || !h.Parameters[0].ForceString {
		t.Errorf("got helm %+v", h)
	}
	if !reflect.DeepEqual(sources[0].Types(), []string{"helm"}) || sources[1].Types() != nil {
		t.Errorf("got the types %v and %v", sources[0].Types(), sources[1].Types())
	}
	p := a.Spec.SyncPolicy
	if !a.Spec.Automated() || p.Automated.SelfHeal != nil || !*p.Automated.Prune || p.Retry.Limit != -1 || *p.Retry.Backoff.Factor != 2 || !p.SyncOptions.Has("CreateNamespace=true") {
		t.Errorf("got the sync policy %+v", p)
	}
	if d := a.Spec.Destination; d.Name != "prod" || d.Namespace != "lights" || d.At.String() != "spec.destination" {
		t.Errorf("got the destination %+v", d)
	}
	if i := a.Spec.IgnoreDifferences; len(i) != 1 || i[0].At.String() != "spec.ignoreDifferences[0]" {
		t.Errorf("got %+v", i)
	}
}

// TestReadTemplate states that the template of a set is read as an Application.
func TestReadTemplate(t *testing.T) {
	s, problems := argocd.ReadApplicationSet(parse(t, `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: lamps}
spec:
  generators: [{list: {elements: [{name: a}]}}]
  template:
    metadata: {name: "{{name}}"}
    spec: {project: lights, source: {repoURL: https://git.example.org/a.git, path: "{{name}}"}}
`))
	sources := s.Spec.Template.Spec.Sources()
	if len(problems) > 0 || len(s.Spec.Generators) != 1 || len(sources) != 1 || sources[0].At.String() != "spec.template.spec.source" {
		t.Errorf("got %+v and %v", s.Spec, problems)
	}
}

// TestProblems states that what has a wrong type is told with its place, and that the rest is read.
func TestProblems(t *testing.T) {
	a, problems := argocd.ReadApplication(parse(t, `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: lamp}
spec:
  project: [lights]
  destination: here
  source:
    path: 1
    repoURL: https://git.example.org/a.git
    directory: {recurse: "true"}
    kustomize: {commonLabels: {a: 1}}
  sources: {}
  syncPolicy: {retry: {limit: 1.5}}
`))
	var got []string
	for _, p := range problems {
		got = append(got, p.Place.String()+": "+p.Message)
	}
	want := []string{
		"a.yaml:5:3: spec.project: got array, want string",
		"a.yaml:6:16: spec.destination: got string, want object",
		"a.yaml:8:11: spec.source.path: got integer, want string",
		"a.yaml:11:35: spec.source.kustomize.commonLabels.a: got integer, want string",
		"a.yaml:10:26: spec.source.directory.recurse: got string, want boolean",
		"a.yaml:12:3: spec.sources: got object, want array",
		"a.yaml:13:31: spec.syncPolicy.retry.limit: got number, want integer",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := a.Spec.Sources(); len(s) != 1 || s[0].RepoURL == "" {
		t.Errorf("got the sources %+v, want the one", s)
	}
}

// TestSources states which of an Application's fields count.
func TestSources(t *testing.T) {
	for spec, want := range map[string]string{
		"{}":                               "[]",
		"{source: {path: a}}":              "[spec.source]",
		"{source: {path: a}, sources: []}": "[spec.source]",
		"{source: {path: a}, sources: [{path: b}]}":                      "[spec.sources[0]]",
		"{sources: [{path: b}, {path: c}]}":                              "[spec.sources[0] spec.sources[1]]",
		"{sources: [{path: b}], sourceHydrator: {drySource: {path: c}}}": "[spec.sourceHydrator.drySource]",
	} {
		a, _ := argocd.ReadApplication(parse(t, "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: "+spec))
		got := []string{}
		for _, s := range a.Spec.Sources() {
			got = append(got, s.At.String())
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: got %v, want %s", spec, got, want)
		}
	}
}

// TestReadSync states what annotations mean, and that one which Argo CD passes over is told.
func TestReadSync(t *testing.T) {
	for _, c := range []struct {
		annotations string
		want        argocd.Sync
		problems    int
	}{
		{"{}", argocd.Sync{}, 0},
		{`{argocd.argoproj.io/sync-wave: "-5"}`, argocd.Sync{Wave: -5}, 0},
		{`{argocd.argoproj.io/sync-wave: "first"}`, argocd.Sync{}, 1},
		{`{argocd.argoproj.io/sync-wave: 5}`, argocd.Sync{}, 1},
		{`{argocd.argoproj.io/sync-wave: "x", helm.sh/hook-weight: "3"}`, argocd.Sync{Wave: 3}, 1},
		{`{argocd.argoproj.io/hook: "PreSync, Presync,PostSync"}`, argocd.Sync{Hooks: []argocd.Phase{argocd.PreSync, argocd.PostSync}}, 1},
		{`{helm.sh/hook: "pre-install,pre-upgrade,test"}`, argocd.Sync{HelmHooks: []argocd.Phase{argocd.PreSync, argocd.Skip}}, 0},
		{`{argocd.argoproj.io/hook-delete-policy: "HookSucceeded,never"}`, argocd.Sync{DeletePolicies: []string{"HookSucceeded"}}, 1},
		{`{argocd.argoproj.io/sync-options: "Prune=false, Prune=false,,Delete=confirm", argocd.argoproj.io/compare-options: IgnoreExtraneous}`,
			argocd.Sync{Options: argocd.Options{"Prune=false", "Delete=confirm"}, Compare: argocd.Options{"IgnoreExtraneous"}}, 0},
	} {
		got, problems := argocd.ReadSync(parse(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: "+c.annotations+"}"))
		if !reflect.DeepEqual(got, c.want) || len(problems) != c.problems {
			t.Errorf("%s: got %+v and %v, want %+v and %d problems", c.annotations, got, problems, c.want, c.problems)
		}
	}
	if value, ok := (argocd.Options{"Prune=false", "Prune=true"}).Value("Prune"); value != "false" || !ok {
		t.Errorf("got %q, %v, want the first", value, ok)
	}
}

// FuzzRead states that reading any object never panics, and that each problem has a place inside of the file.
func FuzzRead(f *testing.F) {
	f.Add([]byte(application))
	for _, text := range []string{
		"kind: AppProject\nspec: {destinations: [a, {server: 1}], sourceRepos: x}", "kind: ApplicationSet\nspec: {generators: [{}], template: {spec: [x]}}",
		"kind: A\nmetadata: {annotations: {argocd.argoproj.io/hook: [a], argocd.argoproj.io/sync-wave: x}}", "kind: A\nspec: [1]", "kind: A\nmetadata: 1\nspec: {<<: {project: 1}}",
	} {
		f.Add([]byte("apiVersion: argoproj.io/v1alpha1\n" + text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1
		for _, r := range string(data) {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
				lines++
			}
		}
		resources, _ := manifest.Parse("a.yaml", data)
		for _, res := range resources {
			_, a := argocd.ReadApplication(res)
			_, b := argocd.ReadApplicationSet(res)
			project, c := argocd.ReadAppProject(res)
			_, d := argocd.ReadSync(res)
			for _, p := range append(append(append(a, b...), c...), d...) {
				if p.Place.File != "a.yaml" || p.Place.Line < 1 || p.Place.Line > lines || p.Place.Column < 1 || p.Message == "" {
					t.Errorf("got %+v in a file of %d lines", p, lines)
				}
			}
			project.PermitsSource(res.ID.Name)
			project.PermitsDestination(argocd.Destination{Server: res.ID.Name})
			project.PermitsApplicationsIn(res.ID.Namespace)
		}
	})
}
