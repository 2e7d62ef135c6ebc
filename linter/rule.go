// Package linter judges a repository: it runs the checkers, weighs what they find by tier, settings and
// waivers, and gathers it in one report.
//
// It knows rules and findings, and nothing of how a single rule is judged or how a report is printed.
package linter

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Severity says how much a finding weighs. The zero Severity is Off.
type Severity int

// The severities, in rising order.
const (
	Off Severity = iota
	Info
	Warning
	Error
)

var severityNames = [...]string{"off", "info", "warning", "error"}

// String gives the name that people write.
func (s Severity) String() string { return severityNames[s] }

// MarshalText makes a severity its name in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity's name.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// ParseSeverity reads off, info, warning or error.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if n == name {
			return Severity(i), nil
		}
	}
	return Off, fmt.Errorf("severity %q: want off, info, warning or error", name)
}

// Severities are a rule's severities by tier.
type Severities struct {
	Small, Medium, Enterprise Severity
}

// For gives the severity at tier.
func (s Severities) For(tier blueprint.Tier) Severity {
	switch tier {
	case blueprint.Small:
		return s.Small
	case blueprint.Enterprise:
		return s.Enterprise
	default:
		return s.Medium
	}
}

// Rule is one thing that the linter knows to be wrong.
type Rule struct {
	// ID is category/name in kebab-case. It never changes.
	ID string
	// Title says what is wrong, Description what to do, Rationale why it matters.
	Title, Description, Rationale string
	// Severity is the weight unless gitopsgen.yaml sets another.
	Severity Severities
	// Params are the settings that the rule reads, by name.
	Params []Param
	// Kinds are those that it judges, as group/Kind, Kind of any group, or pods for all that run pods; empty says nothing of them.
	Kinds []string
	// Under are the IDs of rules that say more: what one of these finds, in the same part of an object, is not found by this one again.
	Under []string
	// RepositoryOnly says why nobody but who reads the repository can judge the rule; empty where an API server can.
	RepositoryOnly string
	// References are pages about the matter.
	References []string
	// Check finds what breaks the rule, and says of what that could not be told; the ID and what to do are filled in. It is nil
	// where a Checker of its own judges the rule.
	Check func(v *View) Judgement `json:"-"`
}

// Param is a setting of a rule, set under lint.params in gitopsgen.yaml.
type Param struct {
	Name, Description string
	// Default is used where nothing is set. A parameter without one is required: a rule whose required
	// parameter is not set is not judged, and the report says so.
	Default any
}

// CheckParam gives an error where a rule has no such parameter, or its default is of another kind than a value: a policy takes what it
// cannot read for nothing, and would find nothing.
func (rule Rule) CheckParam(name string, value any) error {
	i := slices.IndexFunc(rule.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		var names []string
		for _, p := range rule.Params {
			names = append(names, p.Name)
		}
		return fmt.Errorf("unknown parameter %q%s", name, wording.DidYouMean(name, names))
	}
	if want := rule.Params[i].Default; want != nil && kindOf(value) != kindOf(want) {
		return fmt.Errorf("%s: want %s, got %s", name, kindOf(want), kindOf(value))
	}
	return nil
}

// kindOf is the kind of a value as messages write it.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	default:
		return "a number"
	}
}
