package linter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// Options are the settings of a run.
type Options struct {
	// Severity replaces the severity of single rules.
	Severity map[string]Severity
	// Set are these and the parameters that are set, with their places, for the report.
	Set []Set
	// Waivers are applied in this order; WaiverFindings is what was wrong with reading them.
	Waivers        []Waiver
	WaiverFindings []Finding
	// Now decides which waivers have expired.
	Now time.Time
}

// Report is what a run found.
type Report struct {
	// Findings are sorted by place; Waived are those that a waiver excuses.
	Findings []Finding
	Waived   []Waived
	// Unlisted counts the findings that are not among them, because there are too many; none of these weighs more.
	Unlisted int
	// NotJudged are the rules that need a setting which nobody made, by ID.
	NotJudged []NotJudged
	// Set and Waivers are what the repository says about how it is judged, in the order of the Options.
	Set     []Set
	Waivers []UsedWaiver
}

// Waived is a finding with the waiver that excuses it.
type Waived struct {
	Finding
	Waiver Waiver
}

// NotJudged is a rule that was not judged, and why.
type NotJudged struct {
	Rule, Reason string
}

// Rules lists the rules of checkers and our own about waivers, sorted by ID.
func Rules(checkers []Checker) []Rule {
	rules := slices.Clone(waiverRules)
	for _, c := range checkers {
		rules = append(rules, c.Rules()...)
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Run judges in by all checkers. An error means that a checker could not work.
func Run(ctx context.Context, checkers []Checker, in Input, o Options) (Report, error) {
	rules := Rules(checkers)
	for i := 1; i < len(rules); i++ {
		if rules[i].ID == rules[i-1].ID {
			return Report{}, fmt.Errorf("rule %s: defined twice", rules[i].ID)
		}
	}
	report := Report{Set: settings(o.Set, rules, in.Tier)}
	severity := map[string]Severity{}
	given := in.Params
	in.Params, in.Judged = map[string]map[string]any{}, map[string]bool{}
	for _, rule := range rules {
		severity[rule.ID] = severityOf(rule, in.Tier, o)
		if severity[rule.ID] == Off {
			continue
		}
		params, missing := paramsOf(rule, given[rule.ID])
		if missing != "" {
			report.NotJudged = append(report.NotJudged, NotJudged{Rule: rule.ID, Reason: "lint.params: " + missing + " is not set"})
			continue
		}
		in.Params[rule.ID], in.Judged[rule.ID] = params, true
	}
	var findings []Finding
	for _, c := range checkers {
		found, err := c.Check(ctx, in)
		if err != nil {
			return Report{}, err
		}
		findings = append(findings, found...)
	}
	findings, report.Waived = waive(findings, o, in)
	report.Waivers = usedWaivers(o.Waivers, report.Waived)
	report.Findings, report.Unlisted = weigh(append(findings, o.WaiverFindings...), severity)
	for i, f := range report.Findings {
		report.Findings[i] = discreet(caused(ctx, f, in), rules)
	}
	for i, w := range report.Waived {
		report.Waived[i].Finding = discreet(w.Finding, rules)
	}
	slices.SortStableFunc(report.Findings, compareFindings)
	report.Findings = slices.CompactFunc(report.Findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
	return report, nil
}

// maxFindings bounds a report: nobody reads more, and every format writes all.
const maxFindings = 10_000

// weigh gives findings their severities, and leaves out those of rules that are off. Of too many it keeps the worst, and
// counts the others.
func weigh(findings []Finding, severity map[string]Severity) (kept []Finding, unlisted int) {
	for _, f := range findings {
		weight := severity[f.Rule]
		if f.Severity != Off {
			weight = min(weight, f.Severity)
		}
		if f.Severity = weight; weight != Off {
			kept = append(kept, f)
		}
	}
	if unlisted = len(kept) - maxFindings; unlisted <= 0 {
		return kept, 0
	}
	slices.SortStableFunc(kept, func(a, b Finding) int { return cmp.Or(cmp.Compare(b.Severity, a.Severity), compareFindings(a, b)) })
	return kept[:maxFindings], unlisted
}

// discreet takes from a finding what it says of an object that was fetched by URL: what stands there is not the business of
// who wrote the URL.
func discreet(f Finding, rules []Rule) Finding {
	if f.Resource == nil || !f.Resource.Origin.Fetched {
		return f
	}
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == f.Rule })
	return Finding{
		Rule: f.Rule, Severity: f.Severity, Place: f.Place, Message: rules[i].Title + ", in what is fetched by URL",
		Fix: "--show-fetched tells of what, for those who may see it.",
	}
}

// caused points a finding about a chart's object at the value that sets the field.
func caused(ctx context.Context, f Finding, in Input) Finding {
	if in.Cause == nil || f.Resource == nil || f.Resource.Origin.Fetched || f.Resource.Origin.Chart == "" || len(f.At) == 0 {
		return f
	}
	if value, place := in.Cause(ctx, f.Resource, f.At); value != "" {
		f.Value, f.Place = value, place
	}
	return f
}

func severityOf(rule Rule, tier blueprint.Tier, o Options) Severity {
	if s, ok := o.Severity[rule.ID]; ok {
		return s
	}
	return rule.Severity.For(tier)
}

// paramsOf fills in the defaults of a rule's parameters, and names the first that is required and not given.
func paramsOf(rule Rule, given map[string]any) (params map[string]any, missing string) {
	params = maps.Clone(given)
	if params == nil {
		params = map[string]any{}
	}
	for _, p := range rule.Params {
		if _, ok := params[p.Name]; ok {
			continue
		}
		if p.Default == nil {
			return nil, p.Name
		}
		params[p.Name] = p.Default
	}
	return params, ""
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Place.File, b.Place.File),
		cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Place.Column, b.Place.Column),
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Subject(), b.Subject()),
		strings.Compare(a.Message, b.Message),
	)
}

// Subject names the object at fault as people do, with the application that brings it; empty where no object is.
func (f Finding) Subject() string {
	if f.Resource == nil {
		return ""
	}
	subject := f.Resource.ID.String()
	if app := f.Resource.Origin.Application; app != "" {
		subject += " of " + app
	}
	return subject
}

// Fingerprint names a finding across runs: it stays the same when lines move, and whether or not the value behind a
// chart's object is known.
func (f Finding) Fingerprint() string {
	file := f.Place.File
	if f.Resource != nil && f.Resource.Origin.Chart != "" {
		file = f.Resource.Origin.Place.File
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, file, f.Subject(), f.Detail, f.Message}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Count counts the findings of a severity.
func (r Report) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Worst gives the highest severity among the findings; Off where there is none.
func (r Report) Worst() Severity {
	worst := Off
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}
