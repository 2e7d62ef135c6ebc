package linter

import (
	"context"
	"slices"
	"strings"
)

// Checker judges some rules. It is safe for one goroutine at a time.
type Checker interface {
	// Rules lists the rules it judges, sorted by ID.
	Rules() []Rule
	// Check judges the rules that v has to be judged. An error means that it could not work.
	Check(ctx context.Context, v *View) (Judgement, error)
}

// Judgement is what was found, in any order, and what could not be judged.
type Judgement struct {
	Findings  []Finding
	NotJudged []NotJudged
	// Needed are those of Input.External, by their index, without which more would be found: each once for a finding.
	Needed []int
}

// NotJudged is a rule that was not judged, or not of everything, and why.
type NotJudged struct {
	Rule, Reason string
}

// Book is a Checker of rules that bring their check.
type Book []Rule

// Rules implements Checker.
func (b Book) Rules() []Rule {
	rules := slices.Clone(b)
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Check implements Checker.
func (b Book) Check(ctx context.Context, v *View) (Judgement, error) {
	var all Judgement
	for _, rule := range b {
		if err := ctx.Err(); err != nil {
			return Judgement{}, err
		}
		if !v.Judged[rule.ID] {
			continue
		}
		one := rule.Check(v)
		for _, f := range one.Findings {
			f.Rule = rule.ID
			if f.Fix == "" {
				f.Fix = rule.Description
			}
			all.Findings = append(all.Findings, f)
		}
		if !v.Share.Has(0) {
			continue
		}
		all.Needed = append(all.Needed, one.Needed...)
		for _, n := range one.NotJudged {
			all.NotJudged = append(all.NotJudged, NotJudged{Rule: rule.ID, Reason: n.Reason})
		}
	}
	all.Findings = v.Own(all.Findings)
	return all, nil
}
