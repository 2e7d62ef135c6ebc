package linter

import (
	"cmp"
	"context"
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
	// Loosened are findings about the settings themselves; these neither excuse them nor say what they weigh.
	Loosened []Finding
	// Known are findings that are not told, and Baseline has others; nil has none.
	Known    Known
	Baseline *Baseline
	// Told says which findings are told of those that are not known; nil tells all.
	Told func(Finding) bool
	// Only chooses which findings are told.
	Only Only
	// Most is how many findings are listed, the worst of them; zero is 10,000, which bounds every report.
	Most int
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
	// NotChosen counts those that Options.Only left out, whatever they weigh.
	NotChosen Counts
	// Known counts those that are not among them because they are known, and InBaseline those that the baseline has.
	// Unmatched are its entries that nothing is found of any more; where not everything is judged, nobody knows.
	Known, InBaseline int
	Unmatched         []BaselineEntry
	// Untold are those that Options.Told leaves out.
	Untold []Finding
	// NotJudged are the rules that were not judged, or not of everything, by ID: they need a setting which nobody made, or
	// something that was not rendered.
	NotJudged []NotJudged
	// Rules are all that there are, sorted by ID. Tier says what they weigh.
	Rules []Rule
	Tier  blueprint.Tier
	// Set, Waivers and External are what the repository says about how it is judged, in the order of the Options.
	Set      []Set
	Waivers  []UsedWaiver
	External []UsedExternal
}

// Waived is a finding with the waiver that excuses it.
type Waived struct {
	Finding
	Waiver Waiver
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
	report, err := All(ctx, checkers, in, o)
	if err != nil {
		return Report{}, err
	}
	return report.Tell(in, o).Gather(o), nil
}

// Tell gives what is to be told of all that is found, where it is found. Gather makes a report of it.
func (r Report) Tell(in Input, o Options) Report {
	if len(in.Incomplete()) == 0 && len(o.Known) == 0 {
		r.Unmatched = o.Baseline.unmatched(r.Findings)
	}
	unknown, known := o.Known.leave(r.Findings)
	unknown, old := o.Baseline.known().leave(unknown)
	r.Findings, r.Known, r.InBaseline = unknown, len(known), len(old)
	if o.Told != nil {
		r = r.narrow(o, known, old)
	}
	r = r.With(append(r.Findings, slices.DeleteFunc(o.Loosened, func(f Finding) bool { return f.Severity == Off })...))
	if o.Only.isAll() {
		r.Findings, r.Unlisted = bounded(r.Findings, cmp.Or(o.Most, maxFindings))
	}
	return r
}

// Gather makes findings of one cause one, and leaves out what Only does not choose. Where they stand is known by now.
func (r Report) Gather(o Options) Report {
	var unlisted int
	r.Findings, r.NotChosen = o.Only.choose(together(r.Findings))
	r.Findings, unlisted = bounded(r.Findings, cmp.Or(o.Most, maxFindings))
	r.Unlisted += unlisted
	r.NotJudged = append(r.NotJudged, o.Only.idle(r)...)
	slices.SortStableFunc(r.NotJudged, func(a, b NotJudged) int { return strings.Compare(a.Rule, b.Rule) })
	return r
}

// narrow leaves the findings that are to be told, and counts as many of those that are known and in the baseline.
func (r Report) narrow(o Options, known, old []Finding) Report {
	told := func(findings []Finding) []Finding {
		return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return !o.Told(f) })
	}
	r.Known, r.InBaseline = len(told(known)), len(told(old))
	r.Untold = slices.DeleteFunc(slices.Clone(r.Findings), o.Told)
	r.Findings = told(r.Findings)
	r.Waived = slices.DeleteFunc(slices.Clone(r.Waived), func(w Waived) bool { return !o.Told(w.Finding) })
	r.Waivers = usedWaivers(o.Waivers, r.Waived)
	return r
}

// All finds all that there is, however much, and whatever of it is known.
func All(ctx context.Context, checkers []Checker, in Input, o Options) (Report, error) {
	found, err := Find(ctx, checkers, in, o)
	if err != nil {
		return Report{}, err
	}
	return Settle(Rules(checkers), found, in, o), nil
}

// Find has the checkers judge the share of in that is this run's.
func Find(ctx context.Context, checkers []Checker, in Input, o Options) (Judgement, error) {
	rules := Rules(checkers)
	for i := 1; i < len(rules); i++ {
		if rules[i].ID == rules[i-1].ID {
			return Judgement{}, fmt.Errorf("rule %s: defined twice", rules[i].ID)
		}
	}
	in.Params, in.Judged, _ = judged(rules, severities(rules, in.Tier, o), in.Params)
	return check(ctx, checkers, NewView(in))
}

// Settle makes a report of what all shares found together, whatever their order: it weighs it, and holds it against the settings. Of in
// it sees neither objects nor files.
func Settle(rules []Rule, found Judgement, in Input, o Options) Report {
	report := Report{Rules: rules, Tier: in.Tier, Set: settings(o.Set, rules, in.Tier)}
	severity := severities(rules, in.Tier, o)
	_, in.Judged, report.NotJudged = judged(rules, severity, in.Params)
	report.NotJudged = append(report.NotJudged, found.NotJudged...)
	slices.SortStableFunc(report.NotJudged, func(a, b NotJudged) int { return strings.Compare(a.Rule, b.Rule) })
	findings, waived := waive(found.Findings, o, in)
	report.Waived, report.Waivers, report.External = waived, usedWaivers(o.Waivers, waived), usedExternal(in.External, found.Needed)
	findings = strongest(weigh(slices.Concat(findings, o.WaiverFindings, unneeded(in, o, rules, found)), severity), rules)
	for i, f := range findings {
		findings[i] = discreet(f, rules)
	}
	for i, w := range report.Waived {
		w.Severity = weight(w.Finding, severity)
		report.Waived[i].Finding = discreet(w.Finding, rules)
	}
	slices.SortStableFunc(report.Waived, func(a, b Waived) int { return compareFindings(a.Finding, b.Finding) })
	return report.With(findings)
}

// severities are what rules weigh.
func severities(rules []Rule, tier blueprint.Tier, o Options) map[string]Severity {
	all := map[string]Severity{}
	for _, rule := range rules {
		all[rule.ID] = rule.SeverityIn(tier, o.Severity)
	}
	return all
}

// With gives the report with other findings, sorted, each once.
func (r Report) With(findings []Finding) Report {
	slices.SortStableFunc(findings, compareFindings)
	r.Findings = slices.CompactFunc(findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
	return r
}

// judged gives the parameters of the rules that are judged, and tells of those that lack one.
func judged(rules []Rule, severity map[string]Severity, given map[string]map[string]any) (params map[string]map[string]any, is map[string]bool, not []NotJudged) {
	params, is = map[string]map[string]any{}, map[string]bool{}
	for _, rule := range rules {
		if severity[rule.ID] == Off {
			continue
		}
		own, missing := rule.ParamsFrom(given[rule.ID])
		if missing != "" {
			not = append(not, NotJudged{Rule: rule.ID, Reason: "lint.params: " + missing + " is not set"})
			continue
		}
		params[rule.ID], is[rule.ID] = own, true
	}
	return params, is, not
}

func check(ctx context.Context, checkers []Checker, v *View) (all Judgement, err error) {
	for _, c := range checkers {
		one, err := c.Check(ctx, v)
		if err != nil {
			return Judgement{}, err
		}
		all.Findings, all.NotJudged = append(all.Findings, one.Findings...), append(all.NotJudged, one.NotJudged...)
		all.Needed = append(all.Needed, one.Needed...)
	}
	return all, nil
}

// weight is what a finding weighs: no more than its rule.
func weight(f Finding, severity map[string]Severity) Severity {
	if f.Severity == Off {
		return severity[f.Rule]
	}
	return min(severity[f.Rule], f.Severity)
}

// maxFindings bounds a report: nobody reads more, and every format writes all.
const maxFindings = 10_000

// weigh gives findings their severities, and leaves out those of rules that are off.
func weigh(findings []Finding, severity map[string]Severity) (kept []Finding) {
	for _, f := range findings {
		if f.Severity = weight(f, severity); f.Severity != Off {
			kept = append(kept, f)
		}
	}
	return kept
}

// bounded keeps of too many findings the worst, with all of the same cause, and counts the causes of the others.
func bounded(findings []Finding, most int) (kept []Finding, unlisted int) {
	if len(findings) <= most {
		return findings, 0
	}
	byWeight := func(a, b Finding) int { return cmp.Or(cmp.Compare(b.Severity, a.Severity), compareFindings(a, b)) }
	listed := map[cause]bool{}
	worst := slices.Clone(findings)
	slices.SortStableFunc(worst, byWeight)
	for _, f := range worst {
		c := f.cause()
		if _, seen := listed[c]; !seen {
			listed[c] = len(listed) < most
		}
		if listed[c] {
			kept = append(kept, f)
		}
	}
	slices.SortStableFunc(kept, compareFindings)
	return kept, max(0, len(listed)-most)
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

// SeverityIn is what a rule weighs in a tier where severities replace those of single rules.
func (rule Rule) SeverityIn(tier blueprint.Tier, severities map[string]Severity) Severity {
	if s, ok := severities[rule.ID]; ok {
		return s
	}
	return rule.Severity.For(tier)
}

// ParamsFrom fills in the defaults of the parameters, and names the first that is required and not given.
func (rule Rule) ParamsFrom(given map[string]any) (params map[string]any, missing string) {
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

// Worst gives the highest severity among the findings, told or not chosen to be; Off where there is none.
func (r Report) Worst() Severity {
	worst := r.NotChosen.worst()
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}
