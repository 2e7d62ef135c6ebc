// Package refused judges what the API server refuses of an object and no schema says: names by their grammar, numbers by their
// range, fields that exclude or need each other, and pods that the standard of their namespace does not admit.
//
// It knows the rules of Kubernetes' own kinds, by the functions that Kubernetes publishes where there are some, and nothing of
// schemas: of a value whose type is wrong it says nothing.
package refused

import (
	"context"
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

const refused = "schema/refused"

// checker judges the rules of this package.
type checker struct{}

// Checker judges the rules of this package.
func Checker() linter.Checker { return checker{} }

var always = linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error}

// Rules lists the rules it judges, sorted by ID.
func (checker) Rules() []linter.Rule {
	return []linter.Rule{
		podSecurityRule,
		{
			ID:          refused,
			Title:       "The API server refuses the object",
			Description: "Mend the field: its name and type are right, and what it says is not.",
			Rationale:   "The schema of a kind does not say all that the API server asks of it. What it refuses fails the sync, and with it everything else of the Application.",
			Severity:    always,
			References:  []string{"https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"},
		},
	}
}

// Check judges the objects of v.
func (checker) Check(ctx context.Context, v *linter.View) (linter.Judgement, error) {
	var out linter.Judgement
	if v.Judged[refused] {
		found, err := v.Each(ctx, linter.Judge{
			Key: func(r *manifest.Resource) string {
				return fmt.Sprint(v.KubernetesOf(r.Origin.Cluster), r.Origin.Recorded, r.Origin.Application != "")
			},
			Object: func(_ context.Context, r *manifest.Resource) ([]linter.Finding, error) {
				return judge(r, v.KubernetesOf(r.Origin.Cluster)), nil
			},
		})
		if err != nil {
			return out, err
		}
		out.Findings = found
	}
	if v.Judged[podSecurity] {
		found, err := checkPodSecurity(ctx, v)
		if err != nil {
			return out, err
		}
		out.Findings = append(out.Findings, found...)
	}
	return out, nil
}

// judge gives what is wrong with an object in a version of Kubernetes. Of what is recorded only pods are there as a whole.
func judge(r *manifest.Resource, kubernetes string) []linter.Finding {
	o := &field.Object{Kubernetes: kubernetes, Recorded: r.Origin.Recorded, Brought: r.Origin.Application != ""}
	root := o.Root(r.Object)
	k := kind{r.ID.Group, r.ID.Kind}
	judgeMetadata(root, k)
	_, hasPods := templateOf(k)
	if check := kinds[k]; check != nil && (!o.Recorded || hasPods) {
		check(root)
	}
	var all []linter.Finding
	for _, f := range o.Faults {
		all = append(all, linter.Finding{Rule: refused, Message: f.Message, At: f.At, Named: f.Named, Detail: f.At.String(), Fix: f.Fix})
	}
	if o.More > 0 {
		all = append(all, linter.Finding{Rule: refused, Message: wording.Count(o.More, "more fault") + " not told one by one"})
	}
	return all
}
