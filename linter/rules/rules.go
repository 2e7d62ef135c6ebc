// Package rules holds the checks that need more than one object, or more than objects.
//
// A rule is one file and one line in all. What one object decides alone is a policy, not a rule.
package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter"
)

// rule is one check of this package.
type rule struct {
	linter.Rule
	// check finds what breaks the rule; in.Judged need not be asked.
	check func(in linter.Input) []linter.Finding
}

// all lists every rule. Add a rule here and nowhere else.
var all = []rule{
	manifestDuplicateKey,
	manifestInvalidYAML,
	sourceEnableHelmMissing,
	sourceRenderFailed,
}

// Checker judges the rules of this package. The zero Checker is ready to use.
type Checker struct{}

// Rules implements linter.Checker.
func (Checker) Rules() []linter.Rule {
	rules := make([]linter.Rule, len(all))
	for i, r := range all {
		rules[i] = r.Rule
	}
	slices.SortFunc(rules, func(a, b linter.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Check implements linter.Checker.
func (Checker) Check(ctx context.Context, in linter.Input) ([]linter.Finding, error) {
	var findings []linter.Finding
	for _, r := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !in.Judged[r.ID] {
			continue
		}
		for _, f := range r.check(in) {
			f.Rule, f.Fix = r.ID, r.Description
			findings = append(findings, f)
		}
	}
	return findings, nil
}

// problems are the findings that reading and rendering made for a rule.
func problems(id string) func(linter.Input) []linter.Finding {
	return func(in linter.Input) []linter.Finding {
		return slices.DeleteFunc(slices.Clone(in.Problems), func(f linter.Finding) bool { return f.Rule != id })
	}
}

// always is the severity of what Argo CD or the API server refuses.
var always = linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error}
