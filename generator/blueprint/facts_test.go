package blueprint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// asks is a component that asks capabilities for something; its file is one of the user's.
func asks(parts string) string {
	return `local component = import 'gitopsgen/lib/component.libsonnet';
local small = import 'gitopsgen/small.jsonnet';
function(spec) small(spec) { catalogue+:: { lamp: component(
  { name: 'lamp', purpose: 'light', enabled: true }, { namespace: 'lights' }, function(p, platform)
    ` + parts + `
) } }`
}

// TestFactsNeedNoProbing states that a component that asks for what nothing serves gets the answer of the capability, and
// that what comes to nothing is not written.
func TestFactsNeedNoProbing(t *testing.T) {
	spec, user := own(asks(`{
  local m = platform.monitoring,
  objects: { 'a.yaml': [m.namespace, m.served, m.external, platform.ingress.class, platform.storage.served], 'none.yaml': [] },
  extras: { 'monitor.yaml': m.monitor('a', 'b', {}, []) + m.rules('a', 'b', []), 'page.yaml': platform.ingress.expose({}) },
}`))
	spec.Capabilities = map[string]blueprint.Capability{
		"monitoring": {External: &blueprint.External{By: "ops", Reason: "there", Facts: map[string]any{"namespace": "watch"}}},
		"ingress":    {External: &blueprint.External{By: "ops", Reason: "there"}}, "storage": {Option: "none"},
	}
	spec.Components = map[string]blueprint.ComponentSettings{"grafana": {Params: map[string]any{"namespace": "watch"}}}
	b, _, err := blueprint.Evaluate(t.Context(), source(user), spec)
	if err != nil {
		t.Fatal(err)
	}
	c := component(t, b, "lamp")
	if got := c.Objects["a.yaml"].([]any); len(c.Objects) != 1 || len(c.Extras) != 0 || !slices.Equal(got, []any{"watch", true, true, nil, false}) {
		t.Errorf("got %v and %v", c.Objects, c.Extras)
	}
}

// TestFactsAreDeclared states that what nobody declared is an error that names capability, component and fact.
func TestFactsAreDeclared(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{asks("{ hosts: [platform.monitoring.nonsense] }"), `my.jsonnet:5:15: the capability "monitoring" has no fact "nonsense": capabilities/monitoring.libsonnet declares them`},
		{asks("{ hosts: platform['load-balancer'].monitor('a') }"), `my.jsonnet:5:14: the capability "load-balancer" has no fact "monitor": capabilities/load_balancer.libsonnet declares them`},
		{asks("{ hosts: platform.weather.sun }"), `my.jsonnet:5:14: Field does not exist: weather`},
		{asks("{ hosts: platform.cluster.sun }"), `my.jsonnet:5:14: Field does not exist: sun`},
		{
			strings.Replace(asks("{ provides:: { push: 'a', pull: 'b' } }"), "enabled: true", "capability: 'logging', option: 'lamp'", 1),
			`blueprint my.jsonnet: lamp provides logging.pull, which capabilities/logging.libsonnet does not declare`,
		},
		{
			"local small = import 'gitopsgen/small.jsonnet'; function(spec) small(spec { capabilities+: { ingress: { external: { facts: { clas: 'x' } } } } })",
			`blueprint my.jsonnet: ingress: unknown fact clas`,
		},
	} {
		spec, user := own(c.text)
		if strings.Contains(c.text, "option: 'lamp'") {
			spec.Capabilities = map[string]blueprint.Capability{"logging": {Option: "lamp"}}
		}
		if _, _, err := blueprint.Evaluate(t.Context(), source(user), spec); err == nil {
			t.Errorf("got no error, want %s", c.want)
		} else if got, there, listed := strings.Cut(err.Error(), "; there are "); got != c.want || listed && !strings.Contains(there, "namespace, ") {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}
