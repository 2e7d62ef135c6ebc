package admission_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
	"github.com/gitopsgen/gitopsgen/linter/policy"
	"github.com/gitopsgen/gitopsgen/policies"
)

// dark is a policy with METADATA of a kind, some of it to be replaced.
const dark = `# METADATA
# title: Lamp is dark
# description: Switch it on.
# custom:
#   rationale: Nobody sees anything.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [core/Pod, Lamp]
#   params:
#     watts: {description: How bright, default: 60}
package policies.lamps.dark

import data.lib.light

deny contains {"msg": "dark", "at": ["spec"]} if light.is_off(input.object)
`

// light is a library of which the policy needs a part.
const light = `package lib.light

# is_off is needed.
is_off(lamp) if _state(lamp) == "off"

is_on(lamp) if lamp.spec.on

_state(lamp) := lamp.spec.state
`

// export writes the policy, with replacements of its text.
func export(t *testing.T, o admission.Options, replace ...string) admission.Export {
	t.Helper()
	own := fstest.MapFS{
		"lamps/dark/dark.rego": {Data: []byte(strings.NewReplacer(replace...).Replace(dark))},
		"lib/light/light.rego": {Data: []byte(light)},
	}
	judge, err := policy.New(t.Context(), policy.Source{Files: policies.FS}, policy.Source{Name: "policies", Files: own})
	if err != nil {
		t.Fatal(err)
	}
	if o.Severity == nil {
		o.Severity = map[string]linter.Severity{}
	}
	for _, rule := range judge.Rules() {
		if rule.ID != "lamps/dark" {
			o.Severity[rule.ID] = linter.Off
		}
	}
	out, err := admission.New(t.Context(), judge, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConstraint(t *testing.T) {
	out := export(t, admission.Options{Tier: blueprint.Enterprise, Enforce: admission.Deny, Params: map[string]map[string]any{"lamps/dark": {"sockets": 2}}})
	want := []any{map[string]any{
		"apiVersion": "constraints.gatekeeper.sh/v1beta1",
		"kind":       "GitopsgenOwnLamps",
		"metadata": map[string]any{"name": "lamps-dark", "annotations": map[string]any{
			"description":                     "Lamp is dark. Switch it on.",
			"argocd.argoproj.io/sync-wave":    "1",
			"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
		}},
		"spec": map[string]any{
			"enforcementAction": "deny",
			"match": map[string]any{"kinds": []any{
				map[string]any{"apiGroups": []any{""}, "kinds": []any{"Pod"}},
				map[string]any{"apiGroups": []any{"*"}, "kinds": []any{"Lamp"}},
			}},
			"parameters": map[string]any{"policy": "dark", "tier": "enterprise", "params": map[string]any{"watts": 60, "sockets": 2}, "waivers": []any{}},
		},
	}}
	if fmt.Sprint(out.Constraints) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", out.Constraints, want)
	}
}

// TestSource states that a template has the policy, what it needs of libraries, and nothing else.
func TestSource(t *testing.T) {
	out := export(t, admission.Options{Tier: blueprint.Enterprise})
	code := manifest.Dig(out.Templates[0], "spec", "targets").([]any)[0].(map[string]any)["code"].([]any)[0]
	libs := manifest.Dig(code, "source", "libs").([]any)
	want := []any{
		"package lib.light\n\nis_off(lamp) if _state(lamp) == \"off\"\n\n_state(lamp) := lamp.spec.state\n",
		"package lib.policies.lamps.dark\n\nimport data.lib.light\n\ndeny contains {\"msg\": \"dark\", \"at\": [\"spec\"]} if light.is_off(input.object)\n",
	}
	if len(libs) != 3 || !strings.HasPrefix(libs[0].(string), "package lib.gatekeeper\n") || !reflect.DeepEqual(libs[1:], want) {
		t.Errorf("got %q, want lib.gatekeeper and %q", libs, want)
	}
	if name := admission.FileName(out.Templates[0]); name != "template-gitopsgenownlamps.yaml" {
		t.Errorf("got %s", name)
	}
}

func TestLeft(t *testing.T) {
	for _, c := range []struct {
		want    string
		o       admission.Options
		replace []string
	}{
		{want: "it is info, less than warning", o: admission.Options{Tier: blueprint.Small}},
		{want: "it is off", o: admission.Options{Severity: map[string]linter.Severity{"lamps/dark": linter.Off}}},
		{want: "lint.params: watts is not set", replace: []string{"default: 60", "required: true"}},
		{want: "Not there.", replace: []string{"#   params", "#   repository_only: Not there.\n#   params"}},
		{want: "it names no kinds, and many of those that the API server is asked about nobody writes", replace: []string{"#   kinds: [core/Pod, Lamp]\n", ""}},
		{want: "it refers to data.lamps, and there are libraries alone", replace: []string{"light.is_off(input.object)", "light.is_off(data.lamps)"}},
	} {
		out := export(t, c.o, c.replace...)
		i := slices.IndexFunc(out.Left, func(l admission.Left) bool { return l.Rule == "lamps/dark" })
		if i < 0 || out.Left[i].Reason != c.want || len(out.Templates)+len(out.Constraints) > 0 {
			t.Errorf("%s: got %v", c.want, out)
		}
	}
}

// TestActions states that no more is done than what is asked for, and nothing is refused for what is no error.
func TestActions(t *testing.T) {
	for _, c := range []struct {
		most admission.Action
		want [3]string // of info, warning and error
	}{
		{admission.Dryrun, [3]string{"dryrun", "dryrun", "dryrun"}},
		{admission.Warn, [3]string{"dryrun", "warn", "warn"}},
		{admission.Deny, [3]string{"dryrun", "warn", "deny"}},
	} {
		for i, severity := range []linter.Severity{linter.Info, linter.Warning, linter.Error} {
			if got := c.most.For(severity).String(); got != c.want[i] {
				t.Errorf("%s of %s: got %s, want %s", severity, c.most, got, c.want[i])
			}
		}
		if a, err := admission.ParseAction(c.most.String()); a != c.most || err != nil {
			t.Errorf("got %v, %v, want %v", a, err, c.most)
		}
	}
	if _, err := admission.ParseAction("block"); fmt.Sprint(err) != `"block": want dryrun, warn or deny` {
		t.Errorf("got %v", err)
	}
}

func TestWaivers(t *testing.T) {
	expires := time.Date(2030, 12, 31, 0, 0, 0, 0, time.UTC)
	here := linter.Waiver{
		Rule: "lamps/dark", Cluster: "prod", Component: "lamp", Kind: "Pod", Namespace: "lights", Name: "lamp", Container: "bulb", Expires: expires,
	}
	other, everywhere, unknown := here, linter.Waiver{Rule: "lamps/dark"}, here
	other.Cluster, unknown.Name = "edge", ""
	elsewhere := linter.Waiver{Rule: "lamps/other"}
	o := admission.Options{Tier: blueprint.Enterprise, Cluster: "prod", Waivers: []linter.Waiver{here, other, everywhere, unknown, elsewhere}}
	for cluster, want := range map[string][2]any{
		"prod": {
			[]any{map[string]any{"kind": "Pod", "namespace": "lights", "name": "lamp", "container": "bulb", "expires": "2030-12-31"}, map[string]any{}},
			[]linter.Waiver{unknown},
		},
		"": {[]any{map[string]any{}}, []linter.Waiver{here, other, unknown}},
	} {
		o.Cluster = cluster
		out := export(t, o)
		if got := manifest.Dig(out.Constraints[0], "spec", "parameters", "waivers"); !reflect.DeepEqual(got, want[0]) {
			t.Errorf("cluster %q: got %v, want %v", cluster, got, want[0])
		}
		if !reflect.DeepEqual(out.Waivers, want[1]) {
			t.Errorf("cluster %q: got %v, want %v", cluster, out.Waivers, want[1])
		}
	}
}
