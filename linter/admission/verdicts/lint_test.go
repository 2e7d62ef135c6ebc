package verdicts

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// written are the parameters of the rules that were written.
func written(out admission.Export) (rules map[string]map[string]any) {
	rules = map[string]map[string]any{}
	for _, one := range out.Constraints {
		spec := manifest.Dig(one, "spec", "parameters", "params").(map[string]any)
		name := manifest.Dig(one, "metadata", "name").(string)
		rules[ruleOf(name)] = spec
	}
	return rules
}

// linted are what lint finds in objects by some rules, whatever waivers and other findings say: by the place of the object.
func linted(t *testing.T, judge *policy.Checker, tier blueprint.Tier, params map[string]map[string]any, objects []manifest.Resource) [][]verdict {
	t.Helper()
	in := linter.Input{Resources: objects, Tier: tier, Params: params, Judged: map[string]bool{}}
	for rule := range params {
		in.Judged[rule] = true
	}
	found, err := judge.Check(t.Context(), linter.NewView(in))
	check(t, err)
	all := make([][]verdict, len(objects))
	for i := range objects {
		for _, f := range found.Findings {
			if f.Resource == &objects[i] {
				all[i] = append(all[i], verdict{f.Rule, f.Message})
			}
		}
		sorted(all[i])
	}
	return all
}
