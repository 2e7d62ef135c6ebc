package policy_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// metadata stands above the policies of these tests.
const metadata = `# METADATA
# title: Lamp is dark
# description: Switch the lamp on.
# custom:
#   rationale: Nobody sees anything.
#   severity: {small: info, medium: warning, enterprise: error}
`

// ours has some of our policies, and all libraries.
func ours() policy.Source {
	folders := []string{
		"images/latest_tag", "images/trusted_registries", "lib/images", "lib/own_pods", "lib/pods", "lib/workloads", "pods/privileged", "pods/run_as_non_root",
		"resources/cpu_requests", "resources/memory_limits", "resources/memory_requests", "secrets/sops_in_clear",
	}
	some := fstest.MapFS{}
	all := os.DirFS("../../policies")
	for _, folder := range folders {
		names, err := fs.Glob(all, folder+"/*.rego")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(all, name)
			if err != nil {
				panic(err)
			}
			some[name] = &fstest.MapFile{Data: data}
		}
	}
	return policy.Source{Name: "ours", Files: some}
}

// theirs is a user's folder of policies, from pairs of path and text.
func theirs(files ...string) policy.Source {
	folder := make(fstest.MapFS)
	for i := 0; i < len(files); i += 2 {
		folder[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return policy.Source{Name: "policies", Files: folder}
}

// dark is the policy lamps/dark with this body.
func dark(body string) policy.Source {
	return theirs("lamps/dark/dark.rego", metadata+"package policies.lamps.dark\n\n"+body+"\n")
}

// input is what there is to judge about a file, by all rules of the checker.
func input(t *testing.T, checker *policy.Checker, file string) linter.Input {
	t.Helper()
	resources, problems := manifest.Parse("lamp.yaml", []byte(file))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := linter.Input{Resources: resources, Tier: blueprint.Medium, Judged: map[string]bool{}}
	for _, rule := range checker.Rules() {
		in.Judged[rule.ID] = true
	}
	return in
}

func newChecker(t *testing.T, sources ...policy.Source) *policy.Checker {
	t.Helper()
	checker, err := policy.New(t.Context(), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return checker
}

// lines writes findings as people read them, sorted.
func lines(findings []linter.Finding) []string {
	var lines []string
	for _, f := range findings {
		line := fmt.Sprintf("%s:%d:%d: %s [%s] %s", f.Place.File, f.Place.Line, f.Place.Column, f.Message, f.Rule, f.Detail)
		lines = append(lines, strings.TrimSpace(line))
	}
	slices.Sort(lines)
	return lines
}

func check(t *testing.T, checker *policy.Checker, in linter.Input) []linter.Finding {
	t.Helper()
	found, err := checker.Check(t.Context(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	return found.Findings
}

func wantLines(t *testing.T, findings []linter.Finding, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := lines(findings); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPlaces(t *testing.T) {
	const file = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: lamp
  namespace: lights
spec:
  template:
    spec:
      containers:
        - name: lamp
          image: evil.example.net/lamp:latest
          securityContext:
            privileged: true
            runAsUser: 0
          resources:
            limits:
              cpu: 1
      initContainers:
        - name: plug
          image: ghcr.io/plug:1
          securityContext: {runAsUser: 1000}
          resources: {limits: {cpu: 1, memory: 1Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: bulb, namespace: lights}
spec:
  securityContext:
    runAsUser: 0
  containers:
    - {name: bulb, image: ghcr.io/bulb:1, resources: {limits: {cpu: 1, memory: 1Mi}}}
    - {name: wire, image: ghcr.io/wire:1, resources: {limits: {cpu: 1, memory: 1Mi}}}
`
	checker := newChecker(t, ours())
	in := input(t, checker, file)
	in.Judged = map[string]bool{
		"images/latest-tag": true, "images/trusted-registries": true, "pods/privileged": true, "pods/run-as-non-root": true,
		"resources/memory-limits": true, "resources/memory-requests": true,
	}
	in.Params = map[string]map[string]any{"images/trusted-registries": {"trusted": []any{"ghcr.io/"}}}
	findings := check(t, checker, in)
	wantLines(t, findings,
		`lamp.yaml:11:18: image "evil.example.net/lamp:latest" of container "lamp" has the tag latest [images/latest-tag] container lamp`,
		`lamp.yaml:11:18: image "evil.example.net/lamp:latest" of container "lamp" is from no trusted registry [images/trusted-registries] container lamp`,
		`lamp.yaml:13:25: container "lamp" is privileged: securityContext.privileged is true [pods/privileged] container lamp`,
		`lamp.yaml:14:24: container "lamp" runs as root: securityContext.runAsUser is 0 [pods/run-as-non-root] container lamp`,
		`lamp.yaml:15:11: container "lamp" requests no memory: resources.requests.memory is not set [resources/memory-requests] container lamp`,
		`lamp.yaml:16:13: container "lamp" has no memory limit: resources.limits.memory is not set [resources/memory-limits] container lamp`,
		`lamp.yaml:29:16: pod of "bulb", "wire" runs as root: securityContext.runAsUser is 0 [pods/run-as-non-root]`,
	)
	for _, f := range findings {
		if f.Resource != &in.Resources[0] && f.Resource != &in.Resources[1] {
			t.Errorf("got a finding about another resource than the input's: %v", f)
		}
		if f.Fix == "" {
			t.Errorf("got no fix in %v", f)
		}
	}
}

// A chart's objects have no nodes: the finding stands where the chart is named.
func TestPlaceOfChart(t *testing.T) {
	checker := newChecker(t, ours())
	in := input(t, checker, "{apiVersion: v1, kind: Pod, spec: {containers: [{name: lamp, securityContext: {privileged: true}}]}}")
	in.Resources[0].Origin = manifest.Origin{Place: manifest.Place{File: "kustomization.yaml", Line: 4, Column: 5}}
	in.Judged = map[string]bool{"pods/privileged": true}
	wantLines(t, check(t, checker, in),
		`kustomization.yaml:4:5: container "lamp" is privileged: securityContext.privileged is true [pods/privileged] container lamp`)
}

func TestInput(t *testing.T) {
	checker := newChecker(t, dark(`deny contains {"msg": json.marshal(input), "at": ["kind"]}`))
	in := input(t, checker, `{apiVersion: v1, kind: Lamp, metadata: {name: lamp, namespace: lights}}
---
{apiVersion: v1, kind: Lamp, metadata: {name: bulb, namespace: cellar}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: lights, labels: {team: acme}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: cellar, labels: {team: acme}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: mute, namespace: cellar}, automountServiceAccountToken: false}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: mute, namespace: lights}, automountServiceAccountToken: false}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: dumb, namespace: lights}, automountServiceAccountToken: false}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: loud, namespace: lights}, automountServiceAccountToken: true}
`)
	in.Resources[3].Origin.Cluster, in.Resources[4].Origin.Cluster = "other", "other"
	in.Params = map[string]map[string]any{"lamps/dark": {"watts": int64(60)}}
	findings := check(t, checker, in)
	for i, want := range []string{
		`{"namespace":{"annotations":{},"labels":{"team":"acme"}},"object":{"apiVersion":"v1","kind":"Lamp","metadata":{"name":"lamp","namespace":"lights"}},"params":{"watts":60},"tier":"medium","tokenless":["dumb","mute"]}`,
		`{"namespace":{},"object":{"apiVersion":"v1","kind":"Lamp","metadata":{"name":"bulb","namespace":"cellar"}},"params":{"watts":60},"tier":"medium","tokenless":[]}`,
	} {
		if got := findings[i].Message; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestKindsAndJudged(t *testing.T) {
	const file = `{apiVersion: v1, kind: Lamp}
---
{apiVersion: example.org/v1, kind: Lamp}
---
{apiVersion: example.org/v1, kind: Fuse}
---
{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {template: {spec: {}}}}
`
	one, two, three, four := "lamp.yaml:1:24: Lamp [lamps/dark]", "lamp.yaml:3:36: Lamp [lamps/dark]", "lamp.yaml:5:36: Fuse [lamps/dark]", "lamp.yaml:7:42: Rollout [lamps/dark]"
	for kinds, want := range map[string][]string{
		"[Lamp]":                         {one, two},
		"[core/Lamp]":                    {one},
		"[example.org/Lamp, apps/Fuse]":  {two},
		"[core/Lamp, example.org/Fuse]":  {one, three},
		"[Lamp, example.net/Lamp, Fuse]": {one, two, three},
		"[pods]":                         {four},
		"[pods, example.org/Fuse]":       {three, four},
	} {
		text := strings.Replace(metadata, "# custom:\n", "# custom:\n#   kinds: "+kinds+"\n", 1) +
			"package policies.lamps.dark\n\ndeny contains {\"msg\": input.object.kind, \"at\": [\"kind\"]}\n"
		checker := newChecker(t, ours(), theirs("lamps/dark/dark.rego", text))
		in := input(t, checker, file)
		in.Judged = map[string]bool{"lamps/dark": true}
		wantLines(t, check(t, checker, in), want...)
		in.Judged = map[string]bool{"lamps/dark": false}
		wantLines(t, check(t, checker, in))
	}
}

func TestUsersImportOurLibraries(t *testing.T) {
	checker := newChecker(t, ours(), theirs("lamps/dark/dark.rego", metadata+`package policies.lamps.dark

import data.lib.workloads

deny contains {"msg": container.name, "at": container.at} if some container in workloads.containers(input.object)
`))
	in := input(t, checker, "{apiVersion: v1, kind: Pod, spec: {containers: [{name: lamp}]}}")
	in.Judged = map[string]bool{"lamps/dark": true}
	wantLines(t, check(t, checker, in), "lamp.yaml:1:49: lamp [lamps/dark] container lamp")
}

// JSON schemas may name others by URL or file; a policy must not make us read them.
func TestSchemasDoNotReachOut(t *testing.T) {
	for _, call := range []string{`bits.lsh(1, 200000000000)`, `json.verify_schema({"$ref": "file:///etc/hosts"})`, `json.match_schema({}, {"$ref": "file:///etc/hosts"})`} {
		_, err := policy.New(t.Context(), ours(), dark(fmt.Sprintf(`deny contains {"msg": sprintf("%%v", [%s])}`, call)))
		if err == nil || !strings.Contains(err.Error(), "undefined function "+call[:4]) {
			t.Errorf("%s: got %v, want it refused", call, err)
		}
	}
}

func TestRunawayIsStopped(t *testing.T) {
	checker := newChecker(t, dark(`deny contains {"msg": "dark"} if {
	some a in numbers.range(1, 1000)
	some b in numbers.range(1, 1000)
	some c in numbers.range(1, 1000)
	some d in numbers.range(1, 1000)
	a + b + c + d < 0
}`))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := checker.Check(ctx, linter.NewView(input(t, checker, "{apiVersion: v1, kind: Lamp, metadata: {name: lamp}}")))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	if want := `rule "lamps/dark" on Lamp lamp: `; err != nil && !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

func TestFolderThatCannotBeRead(t *testing.T) {
	_, err := policy.New(t.Context(), policy.Source{Name: "policies", Files: os.DirFS("nowhere")})
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "policies: ") {
		t.Errorf("got %v, want policies: …", err)
	}
}

// What one finding says does not depend on what else there is, or on its order.
func TestOrderDoesNotMatter(t *testing.T) {
	checker := newChecker(t, ours())
	in := linter.Input{Resources: many(t), Tier: blueprint.Medium, Judged: map[string]bool{"resources/cpu-requests": true}}
	forth := lines(check(t, checker, in))
	in.Resources = slices.Clone(in.Resources)
	slices.Reverse(in.Resources)
	if back := lines(check(t, checker, in)); len(forth) != 200 || !slices.Equal(forth, back) {
		t.Errorf("got %d findings forth, %d back, want the same 200", len(forth), len(back))
	}
}

// TestContainersInPieces states that a finding about a container that has no place of its own names it, as waivers do.
func TestContainersInPieces(t *testing.T) {
	for text, want := range map[string]string{
		"{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {name: a}, spec: {image: lamp}}":                              "container prometheus",
		"{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {name: a}, spec: {containers: [{name: shade, image: lamp}]}}": "container shade",
		"{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: a}, spec: {steps: [{image: x:1}, {name: b, image: lamp}]}}":             "container b",
		"{apiVersion: ceph.rook.io/v1, kind: CephCluster, metadata: {name: a}, spec: {cephVersion: {image: lamp}}}":                       "container ceph",
	} {
		checker := newChecker(t, ours())
		var got []string
		for _, f := range check(t, checker, input(t, checker, text)) {
			if f.Rule == "images/latest-tag" {
				got = append(got, f.Detail)
			}
		}
		if got = slices.Compact(got); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestPodsOfRows states that rows of a repository are read beside ours, and named in findings.
func TestPodsOfRows(t *testing.T) {
	source := ours()
	var err error
	rows := map[string][]any{"example.org/Lamp": {map[string]any{"at": "spec.bulbs.*", "container": map[string]string{"resources": ""}}}}
	if source.Files, err = policy.WithPods(source.Files, rows); err != nil {
		t.Fatal(err)
	}
	checker := newChecker(t, source)
	in := input(t, checker, "{apiVersion: example.org/v1, kind: Lamp, metadata: {name: a}, spec: {bulbs: {left: {requests: {cpu: 1, memory: 1}}}}}")
	wantLines(t, check(t, checker, in),
		`lamp.yaml:1:78: container "left" has no memory limit: resources.limits.memory is not set [resources/memory-limits] container left`)
}
