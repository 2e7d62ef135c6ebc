package blueprint_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

const sized = `local component = import 'gitopsgen/lib/component.libsonnet';
local derived = import 'gitopsgen/lib/derived.libsonnet';
local tier = import 'gitopsgen/lib/tier.libsonnet';
function(spec) (import 'gitopsgen/' + 'TIER')(spec) { catalogue+:: { lamp: component(
  { name: 'lamp', purpose: 'light', enabled: true, params: { bulbs: 'lamps', sockets: { says: 'places', type: 'integer' } } },
  {
    namespace: 'lights',
    bulbs: tier(1, 2, 3),
    sockets: derived('twice the bulbs', function(p, platform) 2 * p.bulbs),
    watts:: tier(5, 10, 20),
  },
  function(p, platform) { objects: { 'a.yaml': { bulbs: p.bulbs, sockets: p.sockets, watts: p.watts } } }
) } }`

// TestDefaults states that a parameter is the one in force: what somebody set, else the tier's default, or what follows from
// others; and that what is hidden among the defaults is nobody's to set.
func TestDefaults(t *testing.T) {
	for _, c := range []struct {
		tier   blueprint.Tier
		params map[string]any
		want   map[string]any
	}{
		{blueprint.Small, nil, map[string]any{"bulbs": 1.0, "sockets": 2.0, "watts": 5.0}},
		{blueprint.Medium, map[string]any{"bulbs": nil}, map[string]any{"bulbs": 2.0, "sockets": 4.0, "watts": 10.0}},
		{blueprint.Enterprise, map[string]any{"bulbs": 7}, map[string]any{"bulbs": 7.0, "sockets": 14.0, "watts": 20.0}},
		{blueprint.Enterprise, map[string]any{"sockets": 1}, map[string]any{"bulbs": 3.0, "sockets": 1.0, "watts": 20.0}},
		{blueprint.Enterprise, map[string]any{"watts": 1}, nil},
	} {
		spec, user := own(strings.Replace(sized, "'gitopsgen/' + 'TIER'", "'gitopsgen/"+string(c.tier)+".jsonnet'", 1))
		spec.Tier = c.tier
		spec.Components = map[string]blueprint.ComponentSettings{"lamp": {Params: c.params}}
		b, _, err := blueprint.Evaluate(t.Context(), source(user), spec)
		if c.want == nil {
			if err == nil || err.Error() != "blueprint my.jsonnet: lamp: unknown parameter watts; there are bulbs, namespace, sockets" {
				t.Errorf("%v: got %v", c.params, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := component(t, b, "lamp").Objects["a.yaml"]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s, %v: got %v, want %v", c.tier, c.params, got, c.want)
		}
		can, err := blueprint.Describe(t.Context(), source(user), spec)
		if err != nil {
			t.Fatal(err)
		}
		bulbs := map[blueprint.Tier]float64{blueprint.Small: 1, blueprint.Medium: 2, blueprint.Enterprise: 3}[c.tier]
		want := blueprint.ComponentDescription{
			About: can.Components["lamp"].About, Charts: []blueprint.Chart{},
			Defaults: map[string]any{"namespace": "lights", "bulbs": bulbs, "sockets": nil}, Derived: map[string]string{"sockets": "twice the bulbs"},
			Params: map[string]blueprint.ParamDescription{
				"bulbs": {Says: "lamps", Type: "number"}, "namespace": {Says: "where it stands", Type: "string"}, "sockets": {Says: "places", Type: "integer"},
			},
		}
		if got := can.Components["lamp"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", c.tier, got, want)
		}
	}
}
