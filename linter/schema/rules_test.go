package schema_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter"
)

// TestRules states that objects are judged by the rules in CEL of their kinds, defaults filled in, where nothing else is wrong.
func TestRules(t *testing.T) {
	gateway := func(listeners string) string {
		return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec:\n  gatewayClassName: a\n  listeners:\n" + listeners
	}
	route := func(spec string) string {
		return "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: a}\nspec:\n" + spec
	}
	rule := `{type: object, x-kubernetes-validations: [{rule: "self.size <= self.room", message: does not fit}], properties: {size: {type: integer}, room: {type: integer, default: 3}}}`
	for _, c := range []struct{ name, text, want string }{
		{"right", gateway("  - {name: a, port: 80, protocol: HTTP}\n"), ""},
		{"two of a list", gateway("  - {name: a, port: 80, protocol: HTTP}\n  - {name: b, port: 80, protocol: HTTP}\n"),
			"6:3: spec.listeners: Combination of port, protocol and hostname must be unique for each listener"},
		{"only where the rest is right", gateway("  - {name: a, port: 80, protocol: HTTP}\n  - {name: b, port: eighty, protocol: HTTP}\n"),
			"8:21: spec.listeners[1].port: got string \"eighty\", want integer"},
		{"alternatives with defaults", route("  to: {kind: Service, name: a}\n"), ""},
		{"alternatives without", route("  to: {kind: Service, name: a}\n  path: /a\n  tls: {termination: passthrough}\n"),
			"4:1: spec: fits no alternative: has fields or values that must not be there together, " +
				`or spec.path: got 2 characters, want at most 0, or spec.tls: got {"termination":"passthrough"}, want null`},
		{"of a definition in the tree", widgets("spec: "+rule) + "---\n" + strings.Replace(widget, "large", "4", 1), "17:1: spec: does not fit"},
		{"of a definition in the tree, right", widgets("spec: "+rule) + "---\n" + strings.Replace(widget, "large", "3", 1), ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want + " [schema/invalid]"}
		}
		t.Run(c.name, func(t *testing.T) {
			expect(t, check(t, checker(""), linter.Input{Resources: parse(t, "a.yaml", c.text)}), want...)
		})
	}
}
