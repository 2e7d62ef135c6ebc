package linter

import (
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Set is something that a repository sets of a rule: its severity, or a parameter.
type Set struct {
	Rule string
	// Pattern is what stands there in place of the rule, where that names several.
	Pattern string
	// Param names the parameter; it is empty for the severity.
	Param string
	// Own and To are the severity that the tier gives the rule, filled in by Run, and the one that is set.
	Own, To Severity
	Place   manifest.Place
}

// Softens reports whether the rule weighs less than the tier would have it.
func (s Set) Softens() bool { return s.Param == "" && s.To < s.Own }

// UsedWaiver is a waiver with the number of findings that it excuses.
type UsedWaiver struct {
	Waiver
	Findings int
}

// UsedExternal is objects that are said to come from elsewhere, with the number of findings that would be told else.
type UsedExternal struct {
	External
	Findings int
}

// usedExternal are those that a person says something of.
func usedExternal(all []External, needed []int) (used []UsedExternal) {
	count := make([]int, len(all))
	for _, i := range needed {
		count[i]++
	}
	for i, e := range all {
		if count[i] > 0 && e.Place != (manifest.Place{}) {
			used = append(used, UsedExternal{e, count[i]})
		}
	}
	return used
}

// Weigh gives the severity that the tier gives a rule, and the one that is in force.
func (r Report) Weigh(rule Rule) (own, inForce Severity) {
	own = rule.Severity.For(r.Tier)
	for _, s := range r.Set {
		if s.Rule == rule.ID && s.Param == "" {
			return own, s.To
		}
	}
	return own, own
}

// settings fills in what rules weigh of themselves.
func settings(set []Set, rules []Rule, tier blueprint.Tier) []Set {
	own := map[string]Severity{}
	for _, rule := range rules {
		own[rule.ID] = rule.Severity.For(tier)
	}
	filled := make([]Set, len(set))
	for i, s := range set {
		s.Own = own[s.Rule]
		filled[i] = s
	}
	return filled
}
