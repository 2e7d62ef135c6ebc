// Package verdicts holds what Gatekeeper finds by the policies that are written for it against what lint finds: the same of the same
// objects. It is a module of its own, for nothing else needs Gatekeeper's code.
package verdicts

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	templates "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/admission"
)

// point is where Gatekeeper is asked, as gator does it.
const point = "gator.gatekeeper.sh"

// engine is Gatekeeper with some constraints.
type engine struct{ *client.Client }

func newEngine(t *testing.T, out admission.Export) engine {
	t.Helper()
	driver, err := rego.New()
	check(t, err)
	c, err := client.NewClient(client.Targets(&target.K8sValidationTarget{}), client.Driver(driver), client.EnforcementPoints(point))
	check(t, err)
	for _, one := range out.Templates {
		var read templates.ConstraintTemplate
		check(t, json.Unmarshal(encoded(t, one), &read))
		template, err := read.ToVersionless()
		check(t, err)
		_, err = c.AddTemplate(t.Context(), template)
		check(t, err)
	}
	for _, one := range out.Constraints {
		_, err = c.AddConstraint(t.Context(), decoded(t, one))
		check(t, err)
	}
	return engine{c}
}

// verdict is what is found in an object.
type verdict struct{ rule, message string }

// verdicts are what Gatekeeper finds in an object that stands in a namespace, or in none.
func (e engine) verdicts(t *testing.T, object, namespace map[string]any) []verdict {
	t.Helper()
	asked := target.AugmentedUnstructured{Object: *decoded(t, object)}
	options := []reviews.ReviewOpt{reviews.EnforcementPoint(point)}
	if namespace != nil {
		asked.Namespace = &core.Namespace{}
		check(t, json.Unmarshal(encoded(t, namespace), asked.Namespace))
		options = append(options, reviews.Namespace(namespace))
	}
	answer, err := e.Review(t.Context(), asked, options...)
	check(t, err)
	var found []verdict
	for _, r := range answer.Results() {
		found = append(found, verdict{ruleOf(r.Constraint.GetName()), strings.Join(strings.Fields(r.Msg), " ")})
	}
	return sorted(found)
}

// ruleOf is the rule of a constraint. Our categories are one word.
func ruleOf(constraint string) string { return strings.Replace(constraint, "-", "/", 1) }

func sorted(all []verdict) []verdict {
	slices.SortFunc(all, func(a, b verdict) int { return strings.Compare(a.rule+" "+a.message, b.rule+" "+b.message) })
	return all
}

// compare wants Gatekeeper to find in an object what lint does.
func compare(t *testing.T, id manifest.ID, got, want []verdict) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", id, got, want)
	}
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	check(t, err)
	return data
}

func decoded(t *testing.T, value any) *unstructured.Unstructured {
	t.Helper()
	var u unstructured.Unstructured
	check(t, u.UnmarshalJSON(encoded(t, value)))
	return &u
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
