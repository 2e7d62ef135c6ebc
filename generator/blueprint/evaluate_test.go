package blueprint_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

var tiers = []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise}

func source(user fs.FS) blueprint.Source {
	return blueprint.Source{Library: blueprints.FS, User: user}
}

// own is a spec with a blueprint of its own, and the folder that the blueprint is in.
func own(text string) (blueprint.Spec, fstest.MapFS) {
	spec := blueprint.Spec{Blueprint: "./my.jsonnet", Tier: blueprint.Small}.WithDefaults()
	return spec, fstest.MapFS{"my.jsonnet": {Data: []byte(text)}}
}

func TestEvaluateOnTheLibrary(t *testing.T) {
	for _, tier := range tiers {
		spec := blueprint.Spec{Tier: tier}.WithDefaults()
		var first blueprint.Blueprint
		var can blueprint.Description
		for i := range 5 {
			d, err := blueprint.Describe(t.Context(), source(nil), spec)
			if err != nil {
				t.Fatal(err)
			}
			b, files, err := blueprint.Evaluate(t.Context(), source(nil), spec)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first, can = b, d
			}
			if !reflect.DeepEqual(b, first) || !reflect.DeepEqual(d, can) {
				t.Errorf("%s: got something else on another run", tier)
			}
			if len(files) > 0 {
				t.Errorf("%s: got %d files of the user's, want none", tier, len(files))
			}
		}
		if len(first.Clusters) != 1 || len(first.Clusters[0].Components) == 0 {
			t.Errorf("%s: got %+v, want components on one cluster", tier, first.Clusters)
		}
		if len(can.Components) == 0 || can.Capabilities["gitops"].Level != "mandatory" || can.Capabilities["gitops"].Options["argo-cd"] != "argo-cd" {
			t.Errorf("%s: got %+v", tier, can.Capabilities["gitops"])
		}
	}
}

// TestCheckKnowsTheOptionInForce holds Check against the library: what a tier has may be switched on, not off.
func TestCheckKnowsTheOptionInForce(t *testing.T) {
	for _, tier := range tiers {
		spec := blueprint.Spec{Tier: tier}.WithDefaults()
		can, err := blueprint.Describe(t.Context(), source(nil), spec)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := blueprint.Evaluate(t.Context(), source(nil), spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range b.Clusters[0].Components {
			for enabled, want := range map[bool]bool{true: true, false: c.Capability == ""} {
				doc, err := blueprint.Read("gitopsgen.yaml", fmt.Appendf(nil, "%scomponents: {%s: {enabled: %t}}\n", head, c.Name, enabled))
				if err != nil {
					t.Fatal(err)
				}
				if err := doc.Check(can); (err == nil) != want {
					t.Errorf("%s, %s enabled %t: got %v", tier, c.Name, enabled, err)
				}
			}
		}
	}
}

func TestEvaluateMergesValues(t *testing.T) {
	spec := blueprint.Spec{Tier: blueprint.Small, Components: map[string]blueprint.ComponentSettings{
		"metrics-server": {Values: map[string]any{"replicas": 7.0, "resources": map[string]any{"limits": map[string]any{"memory": "1Gi"}}}},
	}}.WithDefaults()
	b, _, err := blueprint.Evaluate(t.Context(), source(nil), spec)
	if err != nil {
		t.Fatal(err)
	}
	values := component(t, b, "metrics-server").Charts[0].Values
	resources := values["resources"].(map[string]any)
	if values["replicas"] != 7.0 || resources["limits"].(map[string]any)["memory"] != "1Gi" || resources["requests"] == nil {
		t.Errorf("got %v", values)
	}
}

func component(t *testing.T, b blueprint.Blueprint, name string) blueprint.Component {
	t.Helper()
	for _, c := range b.Clusters[0].Components {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no component %s", name)
	return blueprint.Component{}
}

const mine = `
local component = import 'gitopsgen/lib/component.libsonnet';
local lamp = import 'lib/lamp.libsonnet';
local small = import 'gitopsgen/small.jsonnet';

function(spec) small(spec) {
  catalogue+:: {
    lamp: component(
      { name: 'lamp', purpose: 'light', enabled: true },
      { namespace: 'lights', color: 'red' },
      function(p, platform) { objects: { 'lamp.yaml': lamp(p.color) }, namespaces: { [p.namespace]: 'restricted' } },
    ),
  },
  components+:: {
    'metrics-server'+: { charts: [super.charts[0] { version: '0.0.1' }] },
  },
}
`

func TestEvaluateAUsersBlueprint(t *testing.T) {
	spec, user := own(strings.Replace(mine, "'metrics-server'+: { charts: [super.charts[0] { version: '0.0.1' }] }", "'metrics-server'+: { wave: 7, namespaces+: { more: 'baseline' } }", 1))
	spec.Components = map[string]blueprint.ComponentSettings{"lamp": {Params: map[string]any{"color": "blue"}}}
	user["lib/lamp.libsonnet"] = &fstest.MapFile{Data: []byte("function(color) { kind: 'Lamp', color: color, text: importstr 'text', bytes: std.length(importbin 'text') }"), Mode: 0o755}
	user["lib/text"] = &fstest.MapFile{Data: []byte("tailstrict is only a word here")}
	b, files, err := blueprint.Evaluate(t.Context(), source(user), spec)
	if err != nil {
		t.Fatal(err)
	}
	got := component(t, b, "lamp").Objects["lamp.yaml"]
	want := map[string]any{"kind": "Lamp", "color": "blue", "text": "tailstrict is only a word here", "bytes": 30.0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c := component(t, b, "metrics-server"); c.Wave != 7 || c.Namespaces["more"] != "baseline" {
		t.Errorf("got the wave %d and the namespaces %v, want 7 and more", c.Wave, c.Namespaces)
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, fmt.Sprintf("%s %t", f.Path, f.Executable))
	}
	if got, want := strings.Join(paths, ", "), "lib/lamp.libsonnet true, lib/text false, my.jsonnet false"; got != want {
		t.Errorf("got the files %s, want %s", got, want)
	}
	can, err := blueprint.Describe(t.Context(), source(user), spec)
	if err != nil {
		t.Fatal(err)
	}
	if can.Components["lamp"].Defaults["color"] != "red" {
		t.Errorf("got %v, want the user's component described", can.Components["lamp"])
	}
}

func TestEvaluateTellsWhereAUsersMistakeIs(t *testing.T) {
	const small = "local small = import 'gitopsgen/small.jsonnet';\n"
	for _, c := range []struct{ name, text, want string }{
		{"a syntax error", "function(spec) {\n  a: ,\n}", `my.jsonnet:2:6: Unexpected: "," while parsing terminal`},
		{"a name that is not there", "function(spec) spek", "my.jsonnet:1:16: Unknown variable: spek"},
		{"a syntax error over lines", "function(spec) |||\n  a", "my.jsonnet:1:16: Unexpected EOF"},
		{"a syntax error in another file", "local a = import 'bad.libsonnet'; function(spec) a", "bad.libsonnet:2:1: Expected a comma before next field"},
		{"an error of its own", "local f(x) =\n  error 'no ' + x;\nfunction(spec)\n  f('lamp')", "my.jsonnet:2:3: no lamp"},
		{"an error below", "local deep = import 'deep.libsonnet';\nfunction(spec) deep(spec)", "deep.libsonnet:2:3: Field does not exist: nonsense"},
		{"a mistake that the library finds", small + "function(spec) small(spec) {\n  components+:: { lamp: {} },\n}", "blueprint my.jsonnet: unknown component lamp; there are alloy, argo-cd, "},
		{"a function of the library", "function(spec)\n  std.parseInt('a')", "my.jsonnet:2:3: a is not a base 10 integer"},
		{"no function", "{ a: 1 }", "blueprint my.jsonnet: Unexpected type object, expected function"},
		{"another result", "function(spec) { a: 1 }", `blueprint my.jsonnet: the result is not a platform: json: unknown field "a"`},
		{"a function in the result", "function(spec) { clusters: [function(x) x] }", "blueprint my.jsonnet: couldn't manifest function as JSON"},
		{"two that need each other", `local component = import 'gitopsgen/lib/component.libsonnet';
local small = import 'gitopsgen/small.jsonnet';
function(spec) small(spec { capabilities+: { logging: 'a', ingress: 'b' } }) { catalogue+:: {
  a: component({ name: 'a', purpose: 'a', capability: 'logging', option: 'a' }, { namespace: 'a' }, function(p, platform)
    { needs: [platform.ingress.class], provides:: { push: platform.ingress.class } }),
  b: component({ name: 'b', purpose: 'b', capability: 'ingress', option: 'b' }, { namespace: 'b' }, function(p, platform)
    { provides:: { class: platform.logging.push } }),
} }`, "my.jsonnet:5:59: max stack frames exceeded: calls go round through platform.ingress.class (my.jsonnet:5:59), platform.logging.push (my.jsonnet:7:27)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec, user := own(c.text)
			user["bad.libsonnet"] = &fstest.MapFile{Data: []byte("{ a: 1\nb: 2 }")}
			user["deep.libsonnet"] = &fstest.MapFile{Data: []byte("function(spec)\n  spec.nonsense")}
			_, _, err := blueprint.Evaluate(t.Context(), source(user), spec)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestImportsStayInside(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "secret", "'s3cret'")
	inside := filepath.Join(outside, "in")
	if err := os.Mkdir(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"link": "../secret", "folder": "..", "own": "text"} {
		if err := os.Symlink(to, filepath.Join(inside, from)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, inside, "text", "'mine'")
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	spec, _ := own("")
	for _, c := range []struct{ path, want string }{
		{"/etc/passwd", `import "/etc/passwd": an absolute path; a blueprint sees its own folder and gitopsgen/ only`},
		{"../secret", `import "../secret": leads out of the blueprint's folder`},
		{"a/../../secret", `import "a/../../secret": leads out of the blueprint's folder`},
		{"gitopsgen/../secret", `import "gitopsgen/../secret": leads out of the blueprint's folder`},
		{"gitopsgen/../../secret", `import "gitopsgen/../../secret": leads out of the blueprint's folder`},
		{"link", `import "link": path escapes from parent`},
		{"folder/secret", `import "folder/secret": path escapes from parent`},
		{"nonsense", `import "nonsense": no such file in the blueprint's folder`},
		{".", `import ".": it is no regular file`},
		{"gitopsgen/nonsense", `import "gitopsgen/nonsense": no such file in the library`},
	} {
		for _, how := range []string{"import", "importstr", "importbin"} {
			write(t, inside, "my.jsonnet", fmt.Sprintf("function(spec) %s '%s'", how, c.path))
			_, _, err := blueprint.Evaluate(t.Context(), source(root.FS()), spec)
			if want := "my.jsonnet:1:16: " + c.want; err == nil || err.Error() != want {
				t.Errorf("%s: got %v, want %s", how, err, want)
			}
		}
	}
	write(t, inside, "my.jsonnet", "function(spec) { capabilities: { a: { purpose: import 'own' } } }")
	b, _, err := blueprint.Evaluate(t.Context(), source(root.FS()), spec)
	if err != nil || b.Capabilities["a"].Purpose != "mine" {
		t.Errorf("a link within the folder: got %q, %v", b.Capabilities["a"].Purpose, err)
	}
}

func TestTheLibraryCannotImportAUsersFile(t *testing.T) {
	spec, user := own("import 'gitopsgen/small.jsonnet'")
	for path, want := range map[string]string{
		"../my.jsonnet":    `my.jsonnet:1:1: import "../my.jsonnet": leads out of the blueprint's folder`,
		"/my.jsonnet":      `my.jsonnet:1:1: import "/my.jsonnet": an absolute path; a blueprint sees its own folder and gitopsgen/ only`,
		"../../my.jsonnet": `my.jsonnet:1:1: import "../../my.jsonnet": leads out of the blueprint's folder`,
	} {
		library := fstest.MapFS{"small.jsonnet": {Data: []byte("import '" + path + "'")}}
		_, _, err := blueprint.Evaluate(t.Context(), blueprint.Source{Library: library, User: user}, spec)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runaways are blueprints that never end by themselves, or only with a machine's whole memory.
var runaways = map[string]struct{ text, want string }{
	"recursion":            {"local f(x) = 1 + f(x + 1);\nfunction(spec) { a: f(1) }", "my.jsonnet:1:18: max stack frames exceeded: calls go round through f(x + 1) (my.jsonnet:1:18)"},
	"tailstrict recursion": {"local f(x) =\n  f(x + 1) tailstrict;\nfunction(spec) { a: f(1) }", "my.jsonnet:2:3: tailstrict is not allowed in a blueprint; leave the word out"},
	"loop":                 {loop(10000), "blueprint my.jsonnet stopped: it took more than 200ms"},
	"array":                {"function(spec) { a: std.length(std.makeArray(100000000, function(i) i)) }", "blueprint my.jsonnet stopped: it took more than 64 MiB of memory"},
	"string":               {"local f(s, n) = if n == 0 then s else f(s + s, n - 1);\nfunction(spec) { a: f('x', 40) }", "blueprint my.jsonnet stopped: it took more than 64 MiB of memory"},
	"value in itself":      {"function(spec) { local a = { b: a }, capabilities: a }", "blueprint my.jsonnet: max stack frames exceeded: a value holds itself"},
	"import of itself":     {"function(spec) { capabilities: (import 'my.jsonnet')(spec) }", "my.jsonnet:1:32: max stack frames exceeded: calls go round through (import 'my.jsonnet')(spec) (my.jsonnet:1:32)"},
}

// loop is a blueprint that counts to n three times within each other, and keeps nothing.
func loop(n int) string {
	return fmt.Sprintf("local f(g) = function(x) std.foldl(function(a, i) g(i), std.range(1, %d), 0);\nfunction(spec) { a: f(f(f(function(x) x)))(0) }", n)
}

// TestRunawaysAreStopped runs each in a process of its own, because what is given up on runs on until the process ends.
func TestRunawaysAreStopped(t *testing.T) {
	if name := os.Getenv("GITOPSGEN_RUNAWAY"); name != "" {
		spec, user := own(runaways[name].text)
		s := source(user)
		s.Limits = watchdog.Limits{Time: 20 * time.Second, Memory: 64 << 20}
		if name == "loop" {
			s.Limits = watchdog.Limits{Time: 200 * time.Millisecond}
		}
		_, _, err := blueprint.Evaluate(t.Context(), s, spec)
		fmt.Print(err)
		os.Exit(0)
	}
	for name, c := range runaways {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestRunawaysAreStopped$")
			cmd.Env = append(os.Environ(), "GITOPSGEN_RUNAWAY="+name)
			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != c.want {
				t.Errorf("got  %s, %v\nwant %s", out[:min(len(out), 1000)], err, c.want)
			}
		})
	}
}

func TestEvaluateEndsWithItsContext(t *testing.T) {
	spec, user := own(loop(50))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := blueprint.Evaluate(ctx, source(user), spec); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestEvaluateRefusesNames states that what becomes a file, an object or a word of a command has a name that can be one.
func TestEvaluateRefusesNames(t *testing.T) {
	for part, want := range map[string]string{
		`objects: {'a/b.yaml': {}}`:                             `file "a/b.yaml": want a name such as lamp.yaml`,
		`objects: {'..': {}}`:                                   `file "..": want a name such as lamp.yaml`,
		`extras: {"a\n::error::b.yaml": {}}`:                    `file "a\n::error::b.yaml": want a name such as lamp.yaml`,
		`namespace: '$(id)'`:                                    `namespace "$(id)": want lower-case letters, digits and dashes, at most 63`,
		`namespaces: {'a b': 'restricted'}`:                     `namespace "a b": want lower-case letters, digits and dashes, at most 63`,
		`folders: {'../x': 'for all'}`:                          `folder "../x": want lower-case letters, digits and dashes, at most 63`,
		`files: {'.git/hooks/pre-commit': 'x'}`:                 `file ".git/hooks/pre-commit": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'a/.GIT/config': 'x'}`:                         `file "a/.GIT/config": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'../x': 'x'}`:                                  `file "../x": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'/etc/x': 'x'}`:                                `file "/etc/x": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'.gitopsgen/lock.yaml': 'x'}`:                  `file ".gitopsgen/lock.yaml": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'clusters/x.yaml': 'x'}`:                       `file "clusters/x.yaml": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`files: {'a/./b': 'x'}`:                                 `file "a/./b": want a path in the repository, and none of Git's or of gitopsgen's own folders`,
		`name: '../lamp'`:                                       `name "../lamp": want lower-case letters, digits and dashes, at most 63`,
		`tenants: [{name: 'a/b', namespaces: []}]`:              `tenant "a/b": want lower-case letters, digits and dashes, at most 63`,
		`charts: [{name: '../a'}]`:                              `chart "../a": want letters, digits, dashes, dots and underscores`,
		`secrets: [{name: 'a; id', namespace: 'b'}]`:            `secret "a; id": want a name of an object`,
		`secrets: [{name: 'a', namespace: 'b', keys: ['c d']}]`: `key of secret a "c d": want letters, digits, dashes, dots and underscores`,
	} {
		spec, files := own(`function(spec) {clusters: [{name: 'prod', components: [{name: 'lamp', namespace: 'lamps'} + {` + part + `}]}]}`)
		_, _, err := blueprint.Evaluate(t.Context(), source(files), spec)
		if err == nil || !strings.HasSuffix(err.Error(), " of cluster \"prod\": "+want) {
			t.Errorf("%s: got %v, want %s", part, err, want)
		}
	}
}
