package blueprint_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// lamp is a blueprint with one component of these parts.
func lamp(parts string) string {
	return `local component = import 'gitopsgen/lib/component.libsonnet';
local why = import 'gitopsgen/lib/why.libsonnet';
local small = import 'gitopsgen/small.jsonnet';
function(spec) small(spec) { catalogue+:: {
  lamp: component({ name: 'lamp', purpose: 'light', enabled: true }, { namespace: 'lights' }, function(p, platform) ` + parts + `),
} }`
}

// TestReasons states that values with reasons are the values, that more may be added to objects with reasons, and that
// the reasons are told by themselves.
func TestReasons(t *testing.T) {
	spec, user := own(lamp(`{
  local shade = why({ color: 'red', size: { w: 1 } }, 'Why a shade.'),
  wave: why(3, 'Why then.'),
  syncOptions: [why('A=true', 'Why A.'), 'B=true'],
  charts: [{ repo: 'https://charts.example.org', name: 'lamp', version: why('1.0.0', 'Why this.'), values: why({
    bulbs: why(why(2, 'Why within.'), 'Why two.'),
    shade: shade { color: 'blue', size+: { h: why(2, 'Why high.') } },
    plain: shade + { 'gitopsgen:why':: null },
    list: why(['a'], 'Why a list.'),
    items: [why('a', 'Why an item.'), { x: why(null, 'Why none.') }],
    kept: [why('a', 'Why kept.')],
    none: why({}, 'Why empty.'),
  }, 'Why values.') }],
}`))
	spec.Components = map[string]blueprint.ComponentSettings{"lamp": {Values: map[string]any{
		"shade": map[string]any{"size": map[string]any{"w": 7.0}}, "items": []any{"mine", map[string]any{"x": 1.0}}, "kept": []any{"a"},
	}}}
	b, _, err := blueprint.Evaluate(t.Context(), source(user), spec)
	if err != nil {
		t.Fatal(err)
	}
	c := component(t, b, "lamp")
	values := map[string]any{
		"bulbs": 2.0, "shade": map[string]any{"color": "blue", "size": map[string]any{"w": 7.0, "h": 2.0}},
		"plain": map[string]any{"color": "red", "size": map[string]any{"w": 1.0}},
		"list":  []any{"a"}, "items": []any{"mine", map[string]any{"x": 1.0}}, "kept": []any{"a"}, "none": map[string]any{},
	}
	if !reflect.DeepEqual(c.Charts[0].Values, values) || c.Wave != 3 || c.Charts[0].Version != "1.0.0" || fmt.Sprint(c.SyncOptions) != "[A=true B=true]" {
		t.Errorf("got %+v", c)
	}
	var got []string
	for _, r := range c.Reasons {
		got = append(got, fmt.Sprint(r.At...)+": "+r.Text)
	}
	want := []string{
		"charts0values: Why values.", "charts0valuesbulbs: Why two.", "charts0valueskept0: Why kept.", "charts0valueslist: Why a list.", "charts0valuesnone: Why empty.",
		"charts0valuesshade: Why a shade.", "charts0valuesshadesizeh: Why high.", "charts0version: Why this.", "syncOptions0: Why A.", "wave: Why then.",
	}
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], " 0 ", "0")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestReasonsNeverLeak states that no reason becomes a part of a text or is dropped in silence, wherever it is given.
func TestReasonsNeverLeak(t *testing.T) {
	const text, inText = "a reason stands inside of a text: the whole text must be inside of why(...)", "why('x', 'Reason.')"
	const place = "there is no place for a reason"
	for _, c := range []struct{ parts, want string }{
		{"{ objects: { 'a.yaml': { a: 'a' + " + inText + " } } }", `component "lamp": objects["a.yaml"].a: ` + text},
		{"{ objects: { 'a.yaml': { a: std.manifestJsonMinified({ a: " + inText + " }) } } }", `component "lamp": objects["a.yaml"].a: ` + text},
		{"{ objects: { 'a.yaml': { a: std.manifestYamlDoc([why({}, 'Reason.')]) } } }", `component "lamp": objects["a.yaml"].a: ` + text},
		{"{ objects: { 'a.yaml': { [k]: 1 for k in std.objectFields(" + inText + ") } } }", `component "lamp": objects["a.yaml"]: the reason is 1: want a text`},
		{"{ objects: { 'a.yaml': { ['a' + " + inText + "]: 1 } } }", `component "lamp": objects["a.yaml"]: ` + text},
		{"{ objects: { 'a.yaml': { a: " + inText + " + { b: 1 } } } }", `component "lamp": objects["a.yaml"].a: something was added to a value with a reason that is no object`},
		{"{ objects: { 'a.yaml': { a: why(1, 2) } } }", `component "lamp": objects["a.yaml"].a: the reason is 2: want a text`},
		{"{ objects: { 'a.yaml': { a: why({}, ' ') } } }", `component "lamp": objects["a.yaml"].a: the reason is  : want a text`},
		{"{ objects: why({ 'a.yaml': {} }, 'Reason.') }", `component "lamp" of cluster "prod": objects: ` + place},
		{"{ hosts: [" + inText + "] }", `component "lamp" of cluster "prod": hosts[0]: ` + place},
		{"{ waivers: [{ rule: 'a/b', match: {}, reason: " + inText + " }] }", `component "lamp" of cluster "prod": waivers[0].reason: ` + place},
		{"why({}, 'Reason.')", "lamp: unknown part gitopsgen:why"},
	} {
		spec, user := own(lamp(c.parts))
		spec.Capabilities = nil
		_, _, err := blueprint.Evaluate(t.Context(), source(user), spec)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.parts, err, c.want)
		}
	}
	spec, user := own("local why = import 'gitopsgen/lib/why.libsonnet'; function(spec) { capabilities: why({}, 'Reason.'), clusters: [] }")
	if _, _, err := blueprint.Evaluate(t.Context(), source(user), spec); err == nil || err.Error() != "blueprint my.jsonnet: capabilities: "+place {
		t.Errorf("got %v", err)
	}
	spec, user = own("local why = import 'gitopsgen/lib/why.libsonnet'; function(spec) { clusters: { prod: { components: ['a' + why('x', 'Reason.')] } } }")
	if _, _, err := blueprint.Evaluate(t.Context(), source(user), spec); err == nil || !strings.HasSuffix(err.Error(), text) {
		t.Errorf("got %v", err)
	}
}
