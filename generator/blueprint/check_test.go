package blueprint_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// abilities are those of a made-up blueprint. The tier's own option for logging is not in the catalogue.
var abilities = blueprint.Description{
	Capabilities: map[string]blueprint.CapabilityDescription{
		"ingress": {
			Level: "mandatory", Default: "contour", Options: map[string]string{"contour": "contour", "traefik": "traefik-proxy"},
			Facts: map[string]blueprint.FactDescription{"class": {}, "expose": {Function: true}, "namespace": {}},
		},
		"logging":  {Level: "mandatory", Default: "loki", Options: map[string]string{"opensearch": "opensearch", "vector": "vector"}},
		"tracing":  {Level: "optional", Default: "none", Options: map[string]string{"jaeger": "jaeger"}, Facts: map[string]blueprint.FactDescription{}},
		"policies": {Level: "mandatory", Default: "gatekeeper"},
	},
	Components: map[string]blueprint.ComponentDescription{
		"contour": {Defaults: map[string]any{"namespace": "contour", "replicas": 2}}, "traefik-proxy": {}, "jaeger": {},
		"opensearch": {}, "vector": {}, "reloader": {},
	},
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing asked for", "", ""},
		{"the default", "capabilities: {ingress: contour}\n", ""},
		{"another option", "capabilities: {ingress: traefik}\n", ""},
		{"an unknown capability", "capabilities:\n  ingres: contour\n", `3:3: unknown capability "ingres" (did you mean "ingress"?)`},
		{"a capability like no other", "capabilities:\n  weather: sun\n", "3:3: unknown capability \"weather\"\n    known are ingress, logging, policies, tracing"},
		{"an unknown option", "capabilities:\n  ingress: nginx\n", "3:12: capability \"ingress\" has no option \"nginx\"\n    options are contour, traefik, none, or {external: {by: ..., reason: ...}}"},
		{"an option misspelt", "capabilities:\n  ingress: trafik\n", "3:12: capability \"ingress\" has no option \"trafik\" (did you mean \"traefik\"?)\n    options are contour, traefik, none, or {external: {by: ..., reason: ...}}"},
		{"an option that is to come", "capabilities:\n  policies: gatekeeper\n", "3:13: capability \"policies\" has no option in the catalogue yet, so not \"gatekeeper\"\n    leave it out, or write {external: {by: ..., reason: ...}}"},
		{"a mandatory capability dropped", "capabilities:\n  ingress: none\n", "3:12: capability \"ingress\" is mandatory for this tier and cannot be dropped\n    if something else serves it, write ingress: {external: {by: ..., reason: ...}}"},
		{"a mandatory capability that nothing can serve dropped", "capabilities: {policies: none}\n", ""},
		{"a mandatory capability from outside", "capabilities: {ingress: {external: {by: us, reason: there}}}\n", ""},
		{"facts of what is outside", "capabilities: {ingress: {external: {by: us, reason: there, facts: {class: nginx, namespace: web}}}}\n", ""},
		{"a fact that a blueprint does not tell of", "capabilities: {logging: {external: {by: us, reason: there, facts: {any: thing}}}}\n", ""},
		{"a fact misspelt", "capabilities: {ingress: {external: {by: us, reason: there, facts: {clas: nginx}}}}\n", `2:68: capability "ingress" has no fact "clas" (did you mean "class"?)`},
		{"a fact like no other", "capabilities: {ingress: {external: {by: us, reason: there, facts: {colour: red}}}}\n", "2:68: capability \"ingress\" has no fact \"colour\"\n    known are class, namespace"},
		{"a fact of what has none", "capabilities: {tracing: {external: {by: us, reason: there, facts: {colour: red}}}}\n", "2:68: capability \"tracing\" has no facts, so not \"colour\"\n    leave it out: components ask for none"},
		{"a fact that is a function", "capabilities: {ingress: {external: {by: us, reason: there, facts: {expose: 1}}}}\n", `2:68: fact "expose" of the capability "ingress" is a function, which nothing outside of the repository can give`},

		{"an unknown component", "components:\n  contur: {}\n", `3:3: unknown component "contur" (did you mean "contour"?)`},
		{"an unknown parameter", "components:\n  contour:\n    params: {replica: 1}\n", `4:14: component "contour" has no parameter "replica" (did you mean "replicas"?)`},
		{"a parameter like no other", "components:\n  contour:\n    params: {colour: red}\n", "4:14: component \"contour\" has no parameter \"colour\"\n    known are namespace, replicas"},
		{"a leader switched on", "components: {contour: {enabled: true}}\n", ""},
		{"a leader switched off", "components:\n  contour: {enabled: false}\n", "3:22: component \"contour\" serves the capability \"ingress\" and cannot be disabled\n    choose another under capabilities.ingress"},
		{"another leader switched off", "components: {traefik-proxy: {enabled: false}}\n", ""},
		{"a leader switched off where something else serves", "capabilities: {ingress: {external: {by: us, reason: there}}}\ncomponents: {contour: {enabled: false}}\n", ""},
		{"a leader switched on where something else serves", "capabilities: {ingress: {external: {by: us, reason: there}}}\ncomponents: {contour: {enabled: true}}\n",
			"3:33: component \"contour\" serves \"ingress\", but capabilities.ingress is external\n    set capabilities.ingress: contour to have it"},
		{"two options", "components: {traefik-proxy: {enabled: true}}\n", "2:39: component \"traefik-proxy\" and the chosen option \"contour\" exclude each other: both serve \"ingress\"\n    set capabilities.ingress: traefik to have it instead"},
		{"two options, chosen", "capabilities: {ingress: traefik}\ncomponents: {contour: {enabled: true}}\n", "3:33: component \"contour\" and the chosen option \"traefik\" exclude each other: both serve \"ingress\"\n    set capabilities.ingress: contour to have it instead"},
		{"what stands in for the default switched on", "components: {opensearch: {enabled: true}}\n", ""},
		{"what stands in for the default switched off", "components: {opensearch: {enabled: false}}\n", "2:36: component \"opensearch\" serves the capability \"logging\" and cannot be disabled\n    choose another under capabilities.logging"},
		{"what does not stand in for the default", "components: {vector: {enabled: true}}\n", "2:32: component \"vector\" and the chosen option \"opensearch\" exclude each other: both serve \"logging\"\n    set capabilities.logging: vector to have it instead"},
		{"an option of what is off", "components: {jaeger: {enabled: true}}\n", "2:32: component \"jaeger\" serves \"tracing\", but capabilities.tracing is none\n    set capabilities.tracing: jaeger to have it"},
		{"a component without a capability", "components: {reloader: {enabled: true}}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := blueprint.Read("gitopsgen.yaml", []byte(head+c.text))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := doc.Check(abilities); err != nil {
				got = strings.TrimPrefix(err.Error(), "gitopsgen.yaml:")
			}
			if got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestCheckTellsAllMistakesByLine(t *testing.T) {
	doc, err := blueprint.Read("gitopsgen.yaml", []byte(head+"components:\n  x: {}\ncapabilities:\n  tracing: zipkin\n  ingress: none\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(messages(t, doc.Check(abilities)), "\n")
	want := `gitopsgen.yaml:3:3: unknown component "x"
gitopsgen.yaml:5:12: capability "tracing" has no option "zipkin"
gitopsgen.yaml:6:12: capability "ingress" is mandatory for this tier and cannot be dropped`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
