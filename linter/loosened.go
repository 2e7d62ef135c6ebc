package linter

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// loosened is the rule about changes of settings. A Checker sees one state of a repository and cannot judge it.
var loosened = Rule{
	ID: "waivers/loosened", Title: "A change has less found than before", Severity: always,
	Description: "Have whoever owns the rules agree. A commit that is meant so goes through with --no-verify; lint.severity in the branch that a change goes to says how much this weighs.",
	Rationale:   "Who can change what is judged and how in one step is judged by nobody.",
}

// Strictness is all that decides how a repository is judged.
type Strictness struct {
	Options
	Rules []Rule
	Tier  blueprint.Tier
	// TierPlace is where the tier is said.
	TierPlace manifest.Place
	// Trusted are the registries that images may come from, and TrustedPlace is where that is said.
	Trusted      []string
	TrustedPlace manifest.Place
	// Pods say where objects of further kinds have pods, and PodsPlace is where that is said.
	Pods      []blueprint.PodRow
	PodsPlace manifest.Place
}

// severity is what a rule weighs; Off where there is no such rule.
func (s Strictness) severity(id string) Severity {
	i := slices.IndexFunc(s.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Off
	}
	return s.Rules[i].SeverityIn(s.Tier, s.Options.Severity)
}

// Loosened finds what settings let pass that others before them did not: rules that are gone, off or weigh less, waivers that are
// new or last longer, more that is trusted, and pods that are not known. What that weighs the settings before say.
func Loosened(now, before Strictness) []Finding {
	l := loosening{now: now, before: before}
	l.rules()
	l.waivers()
	l.trusted()
	l.pods()
	return l.findings
}

// Hidden finds which rules find less by the settings of now than by those before, given what each of the two finds in the same
// objects. What told tells already is left out.
func Hidden(now, before Strictness, found [2][]Finding, told []Finding) []Finding {
	l := loosening{now: now, before: before}
	hidden, _ := Know(found[0]).leave(found[1])
	count := map[string]int{}
	for _, f := range hidden {
		count[f.Rule]++
	}
	for _, rule := range slices.Sorted(maps.Keys(count)) {
		about := func(f Finding) bool { return strings.Contains(f.Message, rule) }
		if rule != loosened.ID && !slices.ContainsFunc(waiverRules, func(r Rule) bool { return r.ID == rule }) && !slices.ContainsFunc(told, about) {
			l.tell(l.placeOf(rule), "%s finds less: by the settings before there would be %s more", rule, wording.Count(count[rule], "finding"))
		}
	}
	return l.findings
}

// Longer finds what a baseline, which stands in file, has and the one before had not.
func Longer(now, before Baseline, file string) []Finding {
	more := now.beyond(before)
	if len(more) == 0 {
		return nil
	}
	at := more[0].Place
	at.File = file
	return []Finding{looser(Error, at, "the baseline has %s more, of %s the first", wording.Count(len(more), "finding"), more[0].Rule)}
}

// Unreadable is the finding about settings that cannot be read; file is one of them.
func Unreadable(message, file string) Finding {
	return looser(Error, manifest.Place{File: file}, "these settings cannot be read: %s", message)
}

// looser is the finding that something passes which did not.
func looser(severity Severity, at manifest.Place, format string, args ...any) Finding {
	return Finding{Rule: loosened.ID, Severity: severity, Place: at, Message: fmt.Sprintf(format, args...), Fix: loosened.Description}
}

type loosening struct {
	now, before Strictness
	findings    []Finding
}

func (l *loosening) tell(at manifest.Place, format string, args ...any) {
	l.findings = append(l.findings, looser(l.before.severity(loosened.ID), at, format, args...))
}

// placeOf is where the settings say something of a rule; where they do not, it is where they say the tier.
func (l *loosening) placeOf(rule string) manifest.Place {
	for _, s := range l.now.Set {
		if s.Rule == rule {
			return s.Place
		}
	}
	return l.now.TierPlace
}

// rules compares what rules weigh. What the tier alone has changed is told once.
func (l *loosening) rules() {
	var byTier []string
	for _, rule := range l.before.Rules {
		was, is := l.before.severity(rule.ID), l.now.severity(rule.ID)
		_, set := l.now.Severity[rule.ID]
		switch {
		case is >= was:
		case !slices.ContainsFunc(l.now.Rules, func(r Rule) bool { return r.ID == rule.ID }):
			l.tell(manifest.Place{File: "policies"}, "%s is gone; it was judged as %s", rule.ID, was)
		case !set && l.now.Tier != l.before.Tier:
			byTier = append(byTier, rule.ID)
		default:
			l.tell(l.placeOf(rule.ID), "%s is %s now; it was %s", rule.ID, is, was)
		}
	}
	if len(byTier) > 0 {
		l.tell(l.now.TierPlace, "the tier is %s now; it was %s: %s weigh less, %s among them", l.now.Tier, l.before.Tier, wording.Count(len(byTier), "rule"), byTier[0])
	}
}

// waivers compares waivers by what they excuse.
func (l *loosening) waivers() {
	before := map[Waiver]time.Time{} // until when what is excused was excused, by the first that does
	for _, old := range l.before.Waivers {
		if _, known := before[old.excuses()]; !known {
			before[old.excuses()] = old.Expires
		}
	}
	for _, w := range l.now.Waivers {
		until, known := before[w.excuses()]
		if !known {
			l.tell(w.Place, "the waiver of %s is new: %s", w.Rule, w.Reason)
			continue
		}
		if !until.IsZero() && (w.Expires.IsZero() || w.Expires.After(until)) {
			l.tell(w.Place, "the waiver of %s lasts longer than until %s", w.Rule, until.Format(time.DateOnly))
		}
	}
}

// excuses is what a waiver excuses, and nothing else of it.
func (w Waiver) excuses() Waiver {
	return Waiver{Rule: w.Rule, Cluster: w.Cluster, Component: w.Component, Kind: w.Kind, Namespace: w.Namespace, Name: w.Name, Container: w.Container}
}

// trusted compares which registries are trusted.
func (l *loosening) trusted() {
	was := l.before.Trusted
	more := slices.DeleteFunc(slices.Clone(l.now.Trusted), func(item string) bool { return slices.Contains(was, item) })
	switch {
	case len(was) == 0: // nothing was judged by it
	case len(l.now.Trusted) == 0:
		l.tell(l.now.TrustedPlace, "no registry is said to be trusted any more, so images from anywhere pass")
	case len(more) > 0:
		l.tell(l.now.TrustedPlace, "registries are trusted that were not: %s", strings.Join(more, ", "))
	}
}

// pods compares where pods are known to stand.
func (l *loosening) pods() {
	for _, was := range l.before.Pods {
		if !slices.ContainsFunc(l.now.Pods, func(is blueprint.PodRow) bool { return reflect.DeepEqual(is, was) }) {
			l.tell(l.now.PodsPlace, "pods of %s were judged by a row of lint.pods that is gone, or another", was.Kind)
		}
	}
}
