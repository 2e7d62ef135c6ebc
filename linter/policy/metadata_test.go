package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

func TestMetadata(t *testing.T) {
	text := `# METADATA
# scope: package
# title: Lamp is dark
# description: >-
#   Switch the lamp
#   on.
# custom:
#   rationale: Nobody sees anything.
#   severity: {small: off, medium: info, enterprise: error}
#   params:
#     watts: {description: How bright, default: 60}
#     sockets: {description: Where, required: true}
#   references: [https://example.org/lamps]
#   repository_only: Where it shines it is bright.
package policies.lamps.dark

deny contains {"msg": "dark", "at": []}
`
	got := fmt.Sprintf("%+v", newChecker(t, theirs("lamps/dark/dark.rego", text)).Rules())
	want := fmt.Sprintf("%+v", []linter.Rule{{
		ID: "lamps/dark", Title: "Lamp is dark", Description: "Switch the lamp on.", Rationale: "Nobody sees anything.",
		Severity: linter.Severities{Small: linter.Off, Medium: linter.Info, Enterprise: linter.Error},
		Params: []linter.Param{
			{Name: "sockets", Description: "Where"},
			{Name: "watts", Description: "How bright", Default: 60},
		},
		RepositoryOnly: "Where it shines it is bright.",
		References:     []string{"https://example.org/lamps"},
	}})
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Each case changes the METADATA of a policy that is right.
func TestMetadataErrors(t *testing.T) {
	const file = "policies/lamps/dark/dark.rego"
	for _, test := range []struct{ old, new, want string }{
		{metadata, "", file + ":1:1: package policies.lamps.dark has no METADATA: want title, description and custom above it"},
		{"# title: Lamp is dark\n", "", file + ":2:3: metadata has no title"},
		{"# description: Switch the lamp on.\n", "", file + ":2:3: metadata has no description"},
		{"#   rationale: Nobody sees anything.\n", "", file + ":5:5: custom has no rationale"},
		{"#   severity: {small: info, medium: warning, enterprise: error}\n", "", file + ":5:5: custom has no severity"},
		{"small: info, ", "", file + ":6:15: severity has no small"},
		{"small: info", "small: fatal", file + `:6:23: severity "fatal": want off, info, warning or error`},
		{"small:", "tiny:", file + `:6:16: field "tiny" of severity: want small, medium, enterprise`},
		{"# title:", "# titel:", file + `:2:3: field "titel" of metadata: want scope, title, description, custom`},
		{"# title: Lamp", "# authors: [me]\n# title: Lamp",
			file + `:2:3: field "authors" of metadata: want scope, title, description, custom`},
		{"#   rationale:", "#   reason: x\n#   rationale:",
			file + `:5:5: field "reason" of custom: want rationale, severity, kinds, under, params, references, repository_only`},
		{"Lamp is dark", "5", file + `:2:10: "5" is no text`},
		{"Lamp is dark", `" "`, file + `:2:10: " " is no text`},
		{"#   severity", "#   kinds: Lamp\n#   severity", file + `:6:12: "Lamp" is no list of texts`},
		{"#   severity", "#   kinds: {Lamp: 1}\n#   severity", file + `:6:12: "" is no list of texts`},
		{"#   severity", "#   kinds: [Lamp, apps/]\n#   severity",
			file + `:6:19: kind "apps/": want Kind, group/Kind with core for the core group, or pods`},
		{"#   severity", "#   kinds: [a/b/c]\n#   severity",
			file + `:6:13: kind "a/b/c": want Kind, group/Kind with core for the core group, or pods`},
		{"#   severity", "#   kinds: [v1/ConfigMap]\n#   severity", file + `:6:13: kind "v1/ConfigMap": want core/ConfigMap`},
		{"#   severity", "#   kinds: [v1beta1/Lamp]\n#   severity", file + `:6:13: kind "v1beta1/Lamp": "v1beta1" is a version, want the group`},
		{"#   severity", "#   kinds: [configmap]\n#   severity", file + `:6:13: kind "configmap": want it as objects write it, which begins with a capital`},
		{"#   severity", "#   kinds: [pods]\n#   severity", "the kinds that run pods: lib.workloads is not among the policies"},
		{"#   severity", "#   params: {watts: {description: x}}\n#   severity",
			file + ":6:14: param watts: want required: true or a default"},
		{"#   severity", "#   params: {watts: {description: x, required: true, default: 1}}\n#   severity",
			file + ":6:14: param watts: want required: true or a default"},
		{"#   severity", "#   params: {watts: {default: 1}}\n#   severity", file + ":6:21: param watts has no description"},
		{"#   severity", "#   params: [watts]\n#   severity", file + ":6:13: params is no mapping"},
	} {
		text := strings.Replace(metadata+"package policies.lamps.dark\n\ndeny contains {\"msg\": \"dark\"}\n", test.old, test.new, 1)
		_, err := policy.New(t.Context(), theirs("lamps/dark/dark.rego", text))
		if got := fmt.Sprint(err); got != test.want {
			t.Errorf("%q for %q:\ngot  %s\nwant %s", test.new, test.old, got, test.want)
		}
	}
}
