package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// total counts the findings of a rule or an Application.
type total struct {
	name string
	linter.Counts
}

// most is how many Applications are counted one by one.
const most = 10

// writeTotals counts findings by rule, and by Application.
func (r Report) writeTotals(b *strings.Builder) {
	byRule, byApplication := totals{}, totals{}
	for _, f := range r.Findings {
		byRule.add(f.Rule, f.Severity)
		for _, name := range applicationsOf(f) {
			byApplication.add(cmp.Or(name, "in no Application"), f.Severity)
		}
	}
	writeTable(b, "rule", byRule.sorted())
	if _, alone := byApplication["in no Application"]; len(byApplication) == 1 && alone {
		return
	}
	rows := byApplication.sorted()
	if !r.All && len(rows) > most+1 {
		others := total{name: wording.Count(len(rows)-most, "other")}
		for _, t := range rows[most:] {
			others.Errors, others.Warnings, others.Infos = others.Errors+t.Errors, others.Warnings+t.Warnings, others.Infos+t.Infos
		}
		rows = append(rows[:most:most], others)
	}
	writeTable(b, "Application", rows)
}

// applicationsOf are the Applications that have a finding, each once; empty is none.
func applicationsOf(f linter.Finding) []string {
	var names []string
	for _, r := range append([]*manifest.Resource{f.Resource}, f.Copies...) {
		name := ""
		if r != nil {
			name = r.Origin.Application
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

type totals map[string]*total

func (t totals) add(name string, s linter.Severity) {
	if t[name] == nil {
		t[name] = &total{name: name}
	}
	t[name].Add(s)
}

// sorted are those first that have the most errors, then warnings.
func (t totals) sorted() (all []total) {
	for _, one := range t {
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b total) int {
		return cmp.Or(cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Warnings, a.Warnings), cmp.Compare(b.Infos, a.Infos), strings.Compare(a.name, b.name))
	})
	return all
}

func writeTable(b *strings.Builder, what string, rows []total) {
	fmt.Fprintf(b, "%8s %8s %8s  %s\n", "errors", "warnings", "notes", what)
	for _, t := range rows {
		escape.Fprintf(b, "%8d %8d %8d  %s\n", t.Errors, t.Warnings, t.Infos, t.name)
	}
	b.WriteString("\n")
}
