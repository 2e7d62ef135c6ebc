package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

const (
	// few is how many findings a reader takes in one by one; more are grouped.
	few = 20
	// named is how many of a group are told, and of what else there may be many.
	named = 3
)

// group are findings that are told under one heading.
type group struct {
	// rule is the ID, or several with a comma, and title what they are about.
	rule, title string
	severity    linter.Severity
	// advice is what to do about each of them; nothing where that differs.
	advice []string
	told   []one
	// findings counts them. They are more than told, where one field that is missing breaks several rules.
	findings int
}

// one is a finding as it is told in a group, or several of one cause.
type one struct {
	linter.Finding
	fixes []string
	// of counts them.
	of int
}

// groups are the findings by rule, those first that weigh most, and of these the rules that are broken most often.
func (r Report) groups() (all []group) {
	type key struct {
		rule     string
		severity linter.Severity
	}
	at := map[key]int{}
	for _, o := range halves(r.Findings) {
		k := key{o.Rule, o.Severity}
		i, ok := at[k]
		if !ok {
			i = len(all)
			at[k], all = i, append(all, group{rule: o.Rule, title: r.title(o.Rule), severity: o.Severity, advice: o.fixes})
		}
		g := &all[i]
		if g.told, g.findings = append(g.told, o), g.findings+o.of; !slices.Equal(g.advice, o.fixes) {
			g.advice = nil
		}
	}
	slices.SortStableFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(len(b.told), len(a.told)), strings.Compare(a.rule, b.rule))
	})
	return all
}

// title is what rules are about.
func (r Report) title(ids string) string {
	var titles []string
	for _, id := range strings.Split(ids, ", ") {
		if i := slices.IndexFunc(r.Rules, func(rule linter.Rule) bool { return rule.ID == id }); i >= 0 {
			titles = append(titles, r.Rules[i].Title)
		}
	}
	return strings.Join(titles, "; ")
}

// files counts the files that a group is in.
func (g group) files() int {
	files := map[string]bool{}
	for _, o := range g.told {
		files[o.Place.File] = true
	}
	return len(files)
}

// worst are the few of a group that are worth mending first: those that most objects have, each in another file, beginning with
// the files that have most of them.
func (g group) worst() []one {
	if len(g.told) <= named+1 { // one more takes no more room than its count
		return g.told
	}
	in := map[string]int{}
	for _, o := range g.told {
		in[o.Place.File]++
	}
	byWorst := slices.SortedStableFunc(slices.Values(g.told), func(a, b one) int {
		return cmp.Or(cmp.Compare(len(b.Copies), len(a.Copies)), cmp.Compare(in[b.Place.File], in[a.Place.File]))
	})
	var first, later []one
	seen := map[string]bool{}
	for _, o := range byWorst {
		if seen[o.Place.File] {
			later = append(later, o)
			continue
		}
		seen[o.Place.File] = true
		first = append(first, o)
	}
	return append(first, later...)[:named]
}

// halves makes one of the findings of several rules that one field breaks because it is missing: a container without resources
// has neither requests nor limits.
func halves(findings []linter.Finding) (all []one) {
	type key struct {
		resource *manifest.Resource
		place    manifest.Place
		missing  string
	}
	at := map[key]int{}
	for _, f := range findings {
		alone := one{f, fixes(f), 1}
		missing := missing(f)
		k := key{f.Resource, f.Place, missing.String()}
		i, ok := at[k]
		switch {
		case len(missing) == 0:
			all = append(all, alone)
		case ok && all[i].takes(f):
			all[i].add(f, missing)
		default:
			at[k], all = len(all), append(all, alone)
		}
	}
	return all
}

// missing is the part of the field of a finding that the object does not have; empty where it has the field.
func missing(f linter.Finding) manifest.Path {
	if f.Resource == nil {
		return nil
	}
	for i := range f.At {
		switch value := manifest.Dig(f.Resource.Object, f.At[:i+1]...).(type) {
		case nil:
			return f.At[:i+1]
		case map[string]any:
			if len(value) == 0 {
				return f.At[:i+1]
			}
		}
	}
	return nil
}

// takes reports whether a finding is of the same objects, and of another rule.
func (o *one) takes(f linter.Finding) bool {
	return slices.Equal(o.Copies, f.Copies) && !slices.Contains(strings.Split(o.Rule, ", "), f.Rule)
}

// add tells a finding with the others.
func (o *one) add(f linter.Finding, missing manifest.Path) {
	o.of++
	o.Rule += ", " + f.Rule
	o.Message = missing.String() + " is not set"
	o.Severity = max(o.Severity, f.Severity)
	o.fixes = append(o.fixes, fixes(f)...)
	n := 0
	for n < min(len(o.Value), len(f.Value)) && o.Value[n] == f.Value[n] {
		n++
	}
	o.Value = o.Value[:n]
}

// fixes are what to do about a finding.
func fixes(f linter.Finding) []string {
	if f.Fix == "" {
		return nil
	}
	return []string{f.Fix}
}
