package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// unknown judges objects, and gives the one finding.
func unknown(t *testing.T, in linter.Input) linter.Finding {
	t.Helper()
	in.Judged = map[string]bool{"schema/unknown-kind": true}
	found, err := checker("").Check(t.Context(), linter.NewView(in))
	if err != nil || len(found.Findings) != 1 {
		t.Fatalf("got %v, %v, want one finding", found.Findings, err)
	}
	return found.Findings[0]
}

func TestUnknownKindIsToldOnce(t *testing.T) {
	var text strings.Builder
	for i := range 6 {
		fmt.Fprintf(&text, "---\n{apiVersion: toys.example.org/v1, kind: Robot, metadata: {name: r%d, namespace: toys}}\n", i)
	}
	resources := parse(t, "a.yaml", text.String())
	again := inCluster("prod", parse(t, "a.yaml", text.String()))
	f := unknown(t, linter.Input{Resources: append(resources, again...)})
	if want := "no schema for toys.example.org/v1 Robot, 12 objects are not judged"; f.Message != want || f.Resource.ID.Name != "r0" {
		t.Errorf("got %q at %s, want %q at the first", f.Message, f.Resource.ID, want)
	}
	var related []string
	for _, r := range f.Related {
		related = append(related, fmt.Sprint(r.Place, " ", r.Message))
	}
	expect(t, related, "a.yaml:4:41 Robot toys/r1", "a.yaml:6:41 Robot toys/r2", "a.yaml:8:41 Robot toys/r3")
}

// Where a folder is asked for, the finding stands in it.
func TestUnknownKindInFocus(t *testing.T) {
	const robot = "{apiVersion: toys.example.org/v1, kind: Robot, metadata: {name: a}}"
	in := linter.Input{
		Resources: append(parse(t, "a.yaml", robot), parse(t, "b.yaml", robot)...),
		Focus:     func(file string) bool { return file == "b.yaml" },
	}
	if f := unknown(t, in); f.Place.File != "b.yaml" || len(f.Related) != 1 || f.Related[0].Place.File != "a.yaml" {
		t.Errorf("got %s, related %v, want b.yaml and a.yaml", f.Place, f.Related)
	}
	in.Focus = func(string) bool { return false }
	if f := unknown(t, in); f.Place.File != "a.yaml" {
		t.Errorf("got %s, want the first", f.Place)
	}
}

// What we wrote ourselves is no user's fault: it is told for information, unless some of it is a user's.
func TestUnknownKindOfOurs(t *testing.T) {
	const robot = "{apiVersion: toys.example.org/v1, kind: Robot, metadata: {name: a}}"
	in := linter.Input{
		Resources: append(parse(t, "ours.yaml", robot), parse(t, "ours-too.yaml", robot)...),
		Generated: func(file string) bool { return strings.HasPrefix(file, "ours") },
	}
	if f := unknown(t, in); f.Severity != linter.Info {
		t.Errorf("got severity %s, want info", f.Severity)
	}
	in.Resources = append(in.Resources, parse(t, "theirs.yaml", robot)...)
	if f := unknown(t, in); f.Severity != linter.Off {
		t.Errorf("got severity %s, want that of the rule", f.Severity)
	}
}

func TestMeant(t *testing.T) {
	for _, tt := range []struct{ apiVersion, kind, text, detail, fix string }{
		{"apps/v1", "deployment", ` (did you mean "Deployment"?)`, "kind", "write kind: Deployment"},
		{"apps/v1", "Deploymnet", ` (did you mean "Deployment"?)`, "kind", "write kind: Deployment"},
		{"apps/v1beta1", "deployment", ` (did you mean "apps/v1 Deployment"?)`, "kind", "write apiVersion: apps/v1 and kind: Deployment"},
		{"v1", "Deployment", ": Kubernetes 1.36 has Deployment in apps/v1", "apiVersion", "write apiVersion: apps/v1"},
		{"extensions/v1beta1", "Ingress", ": Kubernetes 1.36 has Ingress in networking.k8s.io/v1", "apiVersion", "write apiVersion: networking.k8s.io/v1"},
		{"apps/v1", "Job", ": Kubernetes 1.36 has Job in batch/v1", "apiVersion", "write apiVersion: batch/v1"},
		{"autoscaling/v2beta2", "HorizontalPodAutoscaler", ": Kubernetes 1.36 has HorizontalPodAutoscaler in autoscaling/v2", "apiVersion", "write apiVersion: autoscaling/v2"},
		{"netwroking.k8s.io/v1", "NetworkPolicy", ": Kubernetes 1.36 has NetworkPolicy in networking.k8s.io/v1", "apiVersion", "write apiVersion: networking.k8s.io/v1"},
		{"rbac.authorization.k8s.io", "Role", ": Kubernetes 1.36 has Role in rbac.authorization.k8s.io/v1", "apiVersion", "write apiVersion: rbac.authorization.k8s.io/v1"},
		{"cert-manager.io/v1alpha2", "Certificate", ` (did you mean "cert-manager.io/v1"?)`, "apiVersion", "write apiVersion: cert-manager.io/v1"},
		{"certmanager.io/v1", "Certificate", ` (did you mean "cert-manager.io/v1"?)`, "apiVersion", "write apiVersion: cert-manager.io/v1"},
		{"argoproj.io/v1aplha1", "Application", ` (did you mean "argoproj.io/v1alpha1"?)`, "apiVersion", "write apiVersion: argoproj.io/v1alpha1"},
		{"v1", "Application", ` (did you mean "argoproj.io/v1alpha1"?)`, "apiVersion", "write apiVersion: argoproj.io/v1alpha1"},
		{"toys.example.org/v1", "Widgte", ` (did you mean "Widget"?)`, "kind", "write kind: Widget"},
		{"toys.example.org/v1", "Robot", "", "kind", ""},
		{"serving.knative.dev/v1", "Service", "", "kind", ""},
		{"argoproj.io/v1alpha1", "Workflow", "", "kind", ""},
		{"v2", "Robot", "", "kind", ""},
		{"v1", "Ab", "", "kind", ""},
		{"v1", strings.Repeat("Deployment", 10_000), "", "kind", ""},
	} {
		text := widgets("") + "---\n{apiVersion: '" + tt.apiVersion + "', kind: " + tt.kind + ", metadata: {name: a}}\n"
		f := unknown(t, linter.Input{Resources: parse(t, "a.yaml", text), KubernetesVersion: "1.36"})
		_, told, _ := strings.Cut(f.Message, "not judged")
		if told != tt.text || f.Detail != tt.detail || f.Fix != tt.fix || f.Place != f.Resource.Place(tt.detail) {
			t.Errorf("%s %.20s: got %q at %s (%s), %q, want %q, %q", tt.apiVersion, tt.kind, told, f.Place, f.Detail, f.Fix, tt.text, tt.fix)
		}
	}
}

// Names that nobody writes take no time.
func TestMeantOfLongNames(t *testing.T) {
	long := strings.Repeat("Widget", 100_000)
	text := strings.ReplaceAll(widgets(""), "Widget", long) + "---\n{apiVersion: toys.example.org/v1, kind: " + long + "s, metadata: {name: a}}\n"
	if f := unknown(t, linter.Input{Resources: parse(t, "a.yaml", text)}); f.Fix != "" {
		t.Errorf("got %.100q, want nothing", f.Fix)
	}
}

// Nobody learns from a finding what stands at a URL, be it that there is one more of a kind, or what it is called.
func TestUnknownKindThatWasFetched(t *testing.T) {
	const robot = "{apiVersion: toys.example.org/v1, kind: Robbot, metadata: {name: a}}"
	defined := parse(t, "b.yaml", strings.ReplaceAll(widgets(""), "Widget", "Robot"))
	defined[0].Origin = manifest.Origin{Fetched: true}
	fetched := parse(t, "c.yaml", robot)
	fetched[0].Origin = manifest.Origin{Fetched: true, Place: manifest.Place{File: "kustomization.yaml", Line: 2, Column: 3}}
	in := linter.Input{Resources: append(append(defined, parse(t, "a.yaml", robot)...), fetched...)}
	report, err := linter.Run(t.Context(), []linter.Checker{checker("")}, in, linter.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, f := range report.Findings {
		told = append(told, fmt.Sprint(f.Place, " ", f.Message, f.Related))
	}
	expect(t, told, "a.yaml:1:41 no schema for toys.example.org/v1 Robbot, 1 object is not judged[]",
		"kustomization.yaml:2:3 Kind has no schema, in what is fetched by URL[]")
}

// Each kind of the bundle that is written in small letters is found again.
func TestMeantOfEveryKind(t *testing.T) {
	kinds, err := schemas.Embedded().Kinds()
	if err != nil {
		t.Fatal(err)
	}
	var in linter.Input
	want := map[string]string{}
	for _, k := range kinds {
		small := strings.ToLower(k.Kind)
		in.Resources = append(in.Resources, bare(k.APIVersion(), small)...)
		want[fmt.Sprintf("no schema for %s %s, 1 object is not judged", k.APIVersion(), small)] = k.Kind
	}
	in.Judged = map[string]bool{"schema/unknown-kind": true}
	found, err := checker("").Check(t.Context(), linter.NewView(in))
	if err != nil || len(found.Findings) != len(kinds) {
		t.Fatalf("got %d findings, %v, want %d", len(found.Findings), err, len(kinds))
	}
	for _, f := range found.Findings {
		message, meant, _ := strings.Cut(f.Message, " (did you mean ")
		if !strings.HasSuffix(meant, want[message]+`"?)`) {
			t.Errorf("got %s, want %s", f.Message, want[message])
		}
	}
}
