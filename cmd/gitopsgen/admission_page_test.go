package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
)

// TestAdmissionPage keeps docs/admission.md, which lists all rules with what the API server does by them in each tier, or why it is not
// asked.
func TestAdmissionPage(t *testing.T) {
	checkers, err := judge().Checkers(t.Context(), tree.Tree{})
	if err != nil {
		t.Fatal(err)
	}
	tiers := []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise}
	actions, reasons := map[string][]string{}, map[string]string{}
	for i, tier := range tiers {
		out, err := judge().ExportPolicies(t.Context(), generator.Repository{Spec: given(tier)}, generator.ExportOptions{Enforce: admission.Deny, Least: linter.Info})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range out.Constraints {
			rule := strings.Replace(manifest.Dig(c, "metadata", "name").(string), "-", "/", 1)
			if actions[rule] == nil {
				actions[rule] = slices.Repeat([]string{"–"}, len(tiers))
			}
			actions[rule][i] = manifest.Dig(c, "spec", "enforcementAction").(string)
		}
		for _, l := range out.Left {
			reasons[l.Rule] = l.Reason
		}
	}
	var b strings.Builder
	b.WriteString("# Rules at the API\n\nWritten by `make golden`: what the API server does about an object that breaks a rule, where `--enforce` or `enforce` is `deny` and all parameters\n" +
		"are set, or why it is not asked. `dryrun` stands for rules of the severity info, which are written with `--severity=info` alone. See [policies.md](policies.md#at-the-api).\n\n" + customPods +
		"| rule | small | medium | enterprise |\n| --- | --- | --- | --- |\n")
	for _, r := range linter.Rules(checkers) {
		if list := actions[r.ID]; list != nil {
			fmt.Fprintf(&b, "| %s | %s |\n", r.ID, strings.Join(list, " | "))
			continue
		}
		reason := cmp.Or(reasons[r.ID], elsewhere(checkers, r.ID))
		fmt.Fprintf(&b, "| %s | not asked: %s | | |\n", r.ID, strings.TrimSuffix(reason, "."))
	}
	goldentest.Compare(t, []byte(b.String()), "docs/admission.md")
}

// customPods says what the page does of custom resources that pods are made of.
const customPods = `Rules about pods ask of every kind that is known to run pods, whoever brings it and whenever: the kinds of an operator are judged from the moment at which the cluster
has their definitions, though only another repository brings these. What an operator makes of any custom resource, known or not, is judged when it is made, as a
Deployment, StatefulSet or Pod, unless the operator stands in kube-system, whose controllers are believed. A kind that is not known is judged itself, too, once ` + "`lint.pods`" + ` has a row for it.

`

// elsewhere says why the API server is not asked about a rule that is no policy.
func elsewhere(checkers []linter.Checker, id string) string {
	for _, c := range checkers[2:] { // what is refused, and the schemas
		if slices.ContainsFunc(c.Rules(), func(r linter.Rule) bool { return r.ID == id }) {
			return "the API server judges by it itself"
		}
	}
	return "it sees more than one object"
}

// given is a spec of a tier that sets the parameters without which a rule is not judged.
func given(tier blueprint.Tier) blueprint.Spec {
	var spec blueprint.Spec
	spec.Tier = tier
	spec.Registries.Trusted = []string{"ghcr.io/"}
	spec.Lint.Params = map[string]map[string]any{
		"images/allowed-images":     {"allowed": []any{"ghcr.io/lights/lamp"}},
		"images/blocked-registries": {"blocked": []any{"evil.example.net/"}},
	}
	return spec.WithDefaults()
}
