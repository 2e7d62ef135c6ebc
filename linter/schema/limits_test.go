package schema

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// lamps is a CustomResourceDefinition whose objects take long to judge where they are long, those, and another kind's object.
func lamps(long int) string {
	text := `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: {type: object, properties: {bulbs: {type: array, items: {type: string, pattern: "^((a?){300}){3}$"}}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
data: 1
`
	bulbs := strings.Repeat(`"`+strings.Repeat("a", 900)+`",`, 100)
	for i := range long {
		text += fmt.Sprintf("---\napiVersion: example.org/v1\nkind: Lamp\nmetadata: {name: long%d}\nbulbs: [%s]\n", i, bulbs)
	}
	return text + "---\napiVersion: example.org/v1\nkind: Lamp\nmetadata: {name: short}\nbulbs: [b]\n"
}

func judged(t *testing.T, text string) linter.Input {
	t.Helper()
	resources, problems := manifest.Parse("lamps.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return linter.Input{Resources: resources, Judged: map[string]bool{invalid: true, unknownKind: true}}
}

func bounded(limits watchdog.Limits) *Checker {
	c := New(schemas.Embedded(), "")
	c.limits = limits
	return c
}

// found judges a text.
func found(t *testing.T, c *Checker, in linter.Input) []linter.Finding {
	t.Helper()
	judgement, err := c.Check(t.Context(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	return judgement.Findings
}

// TestJudgingIsBounded states that an object which takes too long is told, and does not keep others from being judged, until there
// are too many of its kind: then these are counted.
func TestJudgingIsBounded(t *testing.T) {
	var told []string
	for _, f := range found(t, bounded(watchdog.Limits{Time: 200 * time.Millisecond}), judged(t, lamps(1))) {
		told = append(told, f.Resource.ID.Name+": "+f.Message)
	}
	want := "other: data: got integer 1, want object; long0: not judged: it took more than 200ms; short: bulbs[0]: got \"b\", want it to match ^((a?){300}){3}$"
	if got := strings.Join(told, "; "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	long := maxGivenUp + runtime.GOMAXPROCS(0)
	givenUp, left := 0, 0
	for _, f := range found(t, bounded(watchdog.Limits{Time: 200 * time.Millisecond}), judged(t, lamps(long))) {
		if strings.HasPrefix(f.Message, notDone) {
			givenUp++
			_, counted, _ := strings.Cut(f.Message, "of this kind ")
			fmt.Sscanf(counted, "%d more", &left)
		}
	}
	if givenUp < maxGivenUp || left < 1 || givenUp+left != long+1 {
		t.Errorf("got %d objects that were given up on and %d that were left then, want at least %d and all %d others", givenUp, left, maxGivenUp, long+1)
	}
}

// TestJudgingEnds states that the end of ctx ends the judging of an object.
func TestJudgingEnds(t *testing.T) {
	in := judged(t, lamps(1))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := bounded(watchdog.Limits{}).Check(ctx, linter.NewView(in)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want that it ends", err)
	}
}

// TestOwnKinds states that no definition in the tree changes how one of Kubernetes' own kinds is judged.
func TestOwnKinds(t *testing.T) {
	bundle := schemas.Embedded()
	kinds, err := bundle.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	versions, err := bundle.Kubernetes()
	if err != nil {
		t.Fatal(err)
	}
	in, faults := judged(t, ""), map[manifest.ID]int{}
	in.ClusterVersions = map[string]string{}
	for _, version := range versions {
		in.ClusterVersions[version] = version
	}
	for _, k := range kinds {
		if !bundle.Own(k.Group) || k.Scope == schemas.NoScope {
			continue
		}
		pair := odd(t, k)
		for _, version := range versions {
			if _, served, _ := bundle.Schema(k.APIVersion(), k.Kind, version); served {
				pair[0].Origin.Cluster, pair[1].Origin.Cluster = version, version
			}
		}
		in.Resources = append(in.Resources, pair...)
		faults[pair[1].ID] = 0
	}
	for _, f := range found(t, bounded(defaultLimits), in) {
		faults[f.Resource.ID]++
	}
	for id, told := range faults {
		if told < 2 {
			t.Errorf("%s %s: got %d findings, want the two odd fields", id.APIVersion(), id.Kind, told)
		}
	}
	if len(faults) < 50 {
		t.Errorf("got %d kinds, want all", len(faults))
	}
}

// odd gives a definition by which a kind may have any field, and an object of it with two odd ones.
func odd(t *testing.T, k schemas.Kind) []manifest.Resource {
	t.Helper()
	return judged(t, fmt.Sprintf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: odd.example.org}
spec:
  group: %q
  scope: Namespaced
  names: {kind: %s, plural: odd}
  versions: [{name: %s, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
---
{apiVersion: %s, kind: %[2]s, metadata: {name: a, odd: 1}, odd: 1}
`, k.Group, k.Kind, k.Version, k.APIVersion())).Resources
}

// TestFetchedDefinitions states that nothing of a definition that was fetched gets out through the objects which it judges.
func TestFetchedDefinitions(t *testing.T) {
	in := judged(t, strings.Replace(lamps(0), "[b]", "[b, c]", 1)+"---\n{apiVersion: example.org/v2, kind: Lamp, metadata: {name: other}}\n")
	in.Resources[0].Origin = manifest.Origin{Fetched: true, Place: manifest.Place{File: "kustomization.yaml", Line: 2, Column: 3}}
	report, err := linter.Run(t.Context(), []linter.Checker{bounded(defaultLimits)}, in, linter.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, f := range report.Findings {
		told = append(told, fmt.Sprint(f.Place.File, ":", f.Place.Line, " ", f.Message))
	}
	want := "kustomization.yaml:2 Object does not match its schema, in what is fetched by URL; lamps.yaml:19 data: got integer 1, want object; " +
		"lamps.yaml:26 no schema for example.org/v2 Lamp, 1 object is not judged"
	if got := strings.Join(told, "; "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestFetchedObjects states that no definition in the tree judges what was fetched: what it lets pass would tell of that.
func TestFetchedObjects(t *testing.T) {
	in := judged(t, strings.Replace(lamps(0), "[b]", "[b, c]", 1))
	for i := range in.Resources {
		if in.Resources[i].ID.Kind == "Lamp" {
			in.Resources[i].Origin.Fetched = true
		}
	}
	var told []string
	for _, f := range found(t, bounded(defaultLimits), in) {
		if f.Resource.ID.Kind == "Lamp" {
			told = append(told, f.Message)
		}
	}
	if want := "no schema for example.org/v1 Lamp, 1 object is not judged"; len(told) != 1 || told[0] != want {
		t.Errorf("got %q, want %q", told, want)
	}
}

// slow reads no definition before a context ends.
type slow struct {
	Source
	ctx context.Context
}

func (s slow) Custom(crd map[string]any, version string) ([]byte, bool, error) {
	<-s.ctx.Done()
	return s.Source.Custom(crd, version)
}

// TestDefinitionsAreBounded states that a definition which takes too long to read is told, and that lists of values are read in a
// moment.
func TestDefinitionsAreBounded(t *testing.T) {
	var values strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&values, "e%d,", i)
	}
	in := judged(t, strings.Replace(lamps(0), "{type: string,", "{type: string, enum: ["+values.String()+"],", 1))
	if told := found(t, bounded(defaultLimits), in); len(told) < 2 {
		t.Errorf("got %v, want the values judged", told)
	}
	checker := bounded(watchdog.Limits{Time: 20 * time.Millisecond})
	checker.source = slow{checker.source, t.Context()}
	told := found(t, checker, in)
	want := "no schema for example.org/v1 Lamp, 1 object is not judged: its CustomResourceDefinition was not read: it took more than 20ms"
	if got := told[len(told)-1].Message; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRulesAreBounded states that a rule of the bundle's which takes long is given up on, too: numbers in texts may have any exponent.
func TestRulesAreBounded(t *testing.T) {
	in := judged(t, `
apiVersion: config.openshift.io/v1alpha1
kind: ClusterMonitoring
metadata: {name: cluster}
spec: {metricsServerConfig: {resources: [{name: memory, limit: "1e999999999", request: "1e999999998"}]}}
`)
	told := found(t, bounded(watchdog.Limits{Time: 200 * time.Millisecond}), in)
	if len(told) != 1 || told[0].Message != "not judged: it took more than 200ms" {
		t.Errorf("got %v, want that it takes too long", told)
	}
}

// TestFaultsAreBounded states that an object with many faults is judged in a moment, and that those which are not told are counted.
func TestFaultsAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a}]\n")
	for i := range 2 * maxFaults {
		fmt.Fprintf(&text, "  x%d: 1\n", i)
	}
	told := found(t, bounded(defaultLimits), judged(t, text.String()))
	last := fmt.Sprintf("%d more faults are not told one by one", maxFaults)
	if !slices.ContainsFunc(told, func(f linter.Finding) bool { return f.Message == last }) || len(told) != maxFaults+1 {
		t.Errorf("got %d findings, want %d and %q", len(told), maxFaults, last)
	}
}
