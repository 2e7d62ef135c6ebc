package linter

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// needless is the rule about items of lint.external. It is judged when all that may need one has been.
var needless = Rule{
	ID: "waivers/unused-external", Title: "An object is said to come from elsewhere that nothing lacks", Severity: Severities{Info, Warning, Warning},
	Description: "Remove it from lint.external, or mend its kind, namespace or name.",
	Rationale:   "What nothing lacks today will hide tomorrow that something is lacking.",
}

// External is objects that come from elsewhere.
type External struct {
	blueprint.ExternalObject
	// Place is where a person says so; the zero Place where nobody does.
	Place manifest.Place
}

// unneeded finds the items of lint.external without which nothing more would be told, given which are needed. What was not rendered,
// and a rule that could not be judged or that somebody has switched off, may need any; and nobody knows what stands beside that which
// no Application brings.
func unneeded(in Input, o Options, rules []Rule, found Judgement) (findings []Finding) {
	isOff := func(r Rule) bool {
		s, set := o.Severity[r.ID]
		return set && s == Off && r.Check != nil && r.Severity.For(in.Tier) != Off
	}
	if len(in.Applications) == 0 || len(in.Incomplete())+len(found.NotJudged) > 0 || slices.ContainsFunc(rules, isOff) {
		return nil
	}
	for i, e := range in.External {
		if e.Place != (manifest.Place{}) && !slices.Contains(found.Needed, i) {
			findings = append(findings, Finding{
				Rule: needless.ID, Place: e.Place, Fix: needless.Description,
				Message: "nothing lacks " + e.String(),
			})
		}
	}
	return findings
}

// String is the objects as messages name them.
func (e External) String() string {
	text := fmt.Sprintf("a %s %q", e.Kind, e.Name)
	if e.Namespace != "" {
		text += fmt.Sprintf(" in the namespace %q", e.Namespace)
	}
	if e.Cluster != "" {
		text += fmt.Sprintf(" on the cluster %q", e.Cluster)
	}
	return text
}
