package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter"
)

// template gives a ConstraintTemplate of the kind RequiredLabels with this under spec.crd.spec.
func template(version, spec string) string {
	return `apiVersion: templates.gatekeeper.sh/` + version + `
kind: ConstraintTemplate
metadata: {name: requiredlabels}
spec:
  crd: {spec: {names: {kind: RequiredLabels}` + spec + `}}
  targets: [{target: admission.k8s.gatekeeper.sh, rego: package a}]
`
}

// constraint gives a RequiredLabels with this as its spec, which is on line 4.
func constraint(spec string) string {
	return "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: RequiredLabels\nmetadata: {name: a}\nspec: {" + spec + "}\n"
}

const labels = ", validation: {openAPIV3Schema: {type: object, properties: {labels: {type: array, items: {type: string}}}}"

func TestConstraintTemplates(t *testing.T) {
	for _, tt := range []struct{ name, template, object, want string }{
		{"right", template("v1", labels+"}"), constraint("enforcementAction: deny, match: {kinds: [{apiGroups: [''], kinds: [Pod]}]}, parameters: {labels: [a]}"), ""},
		{"in its other version", template("v1", labels+"}"), strings.Replace(constraint("parameters: {labels: a}"), "v1beta1", "v1alpha1", 1),
			"4:29: spec.parameters.labels: got string \"a\", want array [schema/invalid]"},
		{"parameter", template("v1", labels+"}"), constraint("parameters: {labels: [1]}"), "4:30: spec.parameters.labels[0]: got integer 1, want string [schema/invalid]"},
		{"unknown parameter", template("v1", labels+"}"), constraint("parameters: {label: [a]}"),
			`4:21: spec.parameters: unknown field "label" (did you mean "labels"?) [schema/invalid]`},
		{"match", template("v1", labels+"}"), constraint("match: {namespaces: ['A B']}"),
			`4:29: spec.match.namespaces[0]: got "A B", want it to match ^\*?[-:a-z0-9]*\*?$ [schema/invalid]`},
		{"unknown field in match", template("v1", labels+"}"), constraint("match: {kind: [Pod]}"),
			`4:16: spec.match: unknown field "kind" (did you mean "kinds"?) [schema/invalid]`},
		{"action", template("v1", labels+"}"), constraint("scopedEnforcementActions: [{action: deny, enforcementPoints: [{nmae: a}]}]"),
			`4:71: spec.scopedEnforcementActions[0].enforcementPoints[0]: unknown field "nmae" (did you mean "name"?) [schema/invalid]`},
		{"field of the constraint", template("v1", labels+"}"), constraint("enforcment: deny"), `4:8: spec: unknown field "enforcment" [schema/invalid]`},
		{"open schema", template("v1", labels+", legacySchema: true}"), constraint("parameters: {label: [a]}"), ""},
		{"open schema by default", template("v1beta1", labels+"}"), constraint("parameters: {label: [a], labels: []}"), ""},
		{"type in an open schema", template("v1beta1", labels+"}"), constraint("parameters: {labels: a}"), "4:29: spec.parameters.labels: got string \"a\", want array [schema/invalid]"},
		{"closed schema of old", template("v1beta1", labels+", legacySchema: false}"), constraint("parameters: {label: [a]}"),
			`4:21: spec.parameters: unknown field "label" (did you mean "labels"?) [schema/invalid]`},
		{"any parameters", template("v1beta1", ""), constraint("parameters: {a: [{b: 1}]}"), ""},
		{"no parameters", template("v1", ""), constraint("parameters: {a: 1}"), `4:8: spec: unknown field "parameters" [schema/invalid]`},
		{"version", template("v1", ""), strings.Replace(constraint(""), "v1beta1", "v1", 1),
			`1:13: no schema for constraints.gatekeeper.sh/v1 RequiredLabels, 1 object is not judged: its ConstraintTemplate does not serve v1 ` +
				`(did you mean "constraints.gatekeeper.sh/v1beta1"?) [schema/unknown-kind]`},
		{"no template", "", constraint(""), "2:7: no schema for constraints.gatekeeper.sh/v1beta1 RequiredLabels, 1 object is not judged [schema/unknown-kind]"},
		{"template that is broken", template("v1", labels+", legacySchema: [1]}"), constraint(""), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			resources := slices.Concat(parse(t, "template.yaml", tt.template), parse(t, "a.yaml", tt.object))
			found := findings(t, checker(""), linter.Input{Resources: inCluster("dev", resources)})
			found = slices.DeleteFunc(found, func(f linter.Finding) bool { return f.Place.File != "a.yaml" })
			expect(t, lines(found), want...)
		})
	}
}

// A schema that is none is told at the template, and the constraints of another cluster know nothing of it.
func TestConstraintTemplateOfAnotherCluster(t *testing.T) {
	bad := template("v1", ", validation: {openAPIV3Schema: {type: object, properties: {a: {type: string, pattern: '('}}}}")
	dev := inCluster("dev", append(parse(t, "template.yaml", bad), parse(t, "a.yaml", constraint(""))...))
	prod := inCluster("prod", parse(t, "a.yaml", constraint("")))
	expect(t, check(t, checker(""), linter.Input{Resources: append(dev, prod...)}),
		"5:47: spec.crd.spec.validation: the schema of v1beta1 is no valid schema, 1 object is not judged [schema/invalid]",
		"2:7: no schema for constraints.gatekeeper.sh/v1beta1 RequiredLabels, 1 object is not judged [schema/unknown-kind]")
}

// What a record keeps of a CustomResourceDefinition judges the objects of its cluster; one of which it keeps the name alone does not
// stand before the bundle.
func TestRecordedDefinitions(t *testing.T) {
	recorded := parse(t, "crd.yaml", widgets("spec: {type: object, properties: {size: {type: integer}}}")+
		"---\n{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: certificates.cert-manager.io}}\n")
	for i := range recorded {
		recorded[i].Origin.Recorded = true
	}
	objects := parse(t, "a.yaml", widget+"---\n{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {secretNme: a, issuerRef: {name: a}}}\n")
	expect(t, check(t, checker(""), linter.Input{Resources: inCluster("dev", append(recorded, objects...))}),
		"4:14: spec.size: got string \"large\", want integer [schema/invalid]",
		`6:81: spec: unknown field "secretNme" (did you mean "secretName"?) [schema/invalid]`)
}

// A definition in a version that no API server takes does not stand before the bundle, nor before another definition.
func TestRefusedDefinitions(t *testing.T) {
	const certificate = "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {secretNme: a, secretName: b, issuerRef: {name: a}}}\n"
	for _, version := range []string{"v1beta1", "v7"} {
		crd := "{apiVersion: apiextensions.k8s.io/" + version + ", kind: CustomResourceDefinition, metadata: {name: a}, " +
			"spec: {group: cert-manager.io, names: {kind: Certificate}, versions: [{name: v1, served: true}]}}\n---\n"
		open := template("v9", "") + "---\n" + template("v1", labels+"}") + "---\n"
		text := crd + open + certificate + "---\n" + constraint("parameters: {label: [a]}")
		found := findings(t, checker(""), linter.Input{Resources: inCluster("dev", parse(t, "a.yaml", text))})
		got := slices.DeleteFunc(lines(found), func(line string) bool { return !strings.Contains(line, "unknown field") })
		expect(t, got, `17:81: spec: unknown field "secretNme" (did you mean "secretName"?) [schema/invalid]`,
			`22:21: spec.parameters: unknown field "label" (did you mean "labels"?) [schema/invalid]`)
	}
}

// TestDefinitionWithoutSchema states that a version without a schema judges nothing, and that this is told.
func TestDefinitionWithoutSchema(t *testing.T) {
	text := strings.Replace(widgets(""), "schema: {openAPIV3Schema: {type: object, properties: {}}}", "schema: {openAPIV3Schema: }", 1)
	if !strings.Contains(text, "openAPIV3Schema: }") {
		t.Fatal(text)
	}
	found := check(t, checker(""), linter.Input{Resources: parse(t, "a.yaml", text+"---\n"+widget)})
	want := "no schema for toys.example.org/v1 Widget, 1 object is not judged: its CustomResourceDefinition has no schema of v1, and the API server takes none without"
	if len(found) == 0 || !strings.Contains(found[len(found)-1], want) {
		t.Errorf("got %q, want %s", found, want)
	}
}
