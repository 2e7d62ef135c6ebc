package linter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Waiver excuses findings, with a reason.
type Waiver struct {
	Rule string
	// Match selects the objects; an empty field matches all.
	Cluster, Component, Kind, Namespace, Name, Container string
	Reason, Owner                                        string
	// Expires is the last day on which it counts; zero is for ever.
	Expires time.Time
	Place   manifest.Place
}

var (
	always      = Severities{Error, Error, Error}
	waiverRules = []Rule{
		{
			ID: "waivers/expired", Title: "A waiver has expired", Severity: Severities{Warning, Error, Error},
			Description: "Mend what it excused, or set a new date and say why.",
			Rationale:   "An exception with a date is a promise; past the date nobody has agreed to the risk any more.",
		},
		{
			ID: "waivers/invalid", Title: "A waiver cannot be used", Severity: always,
			Description: "Give each waiver a known rule and a reason, and only the keys that the documentation names.",
			Rationale:   "A waiver that does not do what its author meant hides the wrong thing or nothing.",
		},
		{
			ID: "waivers/unused", Title: "A waiver excuses nothing", Severity: Severities{Info, Warning, Warning},
			Description: "Remove it.",
			Rationale:   "A waiver that nothing needs today will hide something tomorrow.",
		},
		needless,
		loosened,
	}
)

// waiverKeys and matchKeys are what a waiver may hold.
var (
	waiverKeys = []string{"rule", "match", "reason", "owner", "expires"}
	matchKeys  = []string{"cluster", "component", "kind", "namespace", "name", "container"}
)

// ReadWaivers reads a waivers file; rules are the IDs that there are. What is wrong with a waiver is a finding, and the
// waiver is left out.
func ReadWaivers(file string, data []byte, rules []string) ([]Waiver, []Finding) {
	r := waiverReader{file: file, rules: rules}
	docs, problems := manifest.Documents(file, data)
	for _, p := range problems {
		r.findings = append(r.findings, Finding{Rule: "waivers/invalid", Place: p.Place, Message: p.Message})
	}
	if len(problems) > 0 || len(docs) == 0 {
		return nil, r.findings
	}
	list := manifest.Field(docs[0], "waivers")
	if list == nil || list.Kind != yaml.SequenceNode || len(docs[0].Content) != 2 {
		r.fail(docs[0], "want one key, waivers, with a list")
		return nil, r.findings
	}
	var waivers []Waiver
	for _, n := range list.Content {
		before := len(r.findings)
		if w := r.waiver(n); len(r.findings) == before {
			waivers = append(waivers, w)
		}
	}
	return waivers, r.findings
}

type waiverReader struct {
	file     string
	rules    []string
	findings []Finding
}

func (r *waiverReader) fail(n *yaml.Node, message string, args ...any) {
	r.findings = append(r.findings, Finding{
		Rule: "waivers/invalid", Place: manifest.Place{File: r.file, Line: n.Line, Column: n.Column},
		Message: fmt.Sprintf(message, args...), Fix: waiverRules[1].Description,
	})
}

func (r *waiverReader) waiver(n *yaml.Node) Waiver {
	w := Waiver{Place: manifest.Place{File: r.file, Line: n.Line, Column: n.Column}}
	text := map[string]*string{"rule": &w.Rule, "reason": &w.Reason, "owner": &w.Owner}
	match := map[string]*string{
		"cluster": &w.Cluster, "component": &w.Component, "kind": &w.Kind,
		"namespace": &w.Namespace, "name": &w.Name, "container": &w.Container,
	}
	r.texts(n, text, waiverKeys)
	if m := manifest.Field(n, "match"); m != nil {
		r.texts(m, match, matchKeys)
	}
	if e := manifest.Field(n, "expires"); e != nil {
		day, err := time.Parse(time.DateOnly, e.Value)
		if err != nil {
			r.fail(e, "expires %q: want a date such as 2030-12-31", e.Value)
		}
		w.Expires = day
	}
	switch {
	case w.Rule == "":
		r.fail(n, "the rule is missing")
	case !slices.Contains(r.rules, w.Rule):
		r.fail(manifest.Field(n, "rule"), "unknown rule %q%s", w.Rule, wording.DidYouMean(w.Rule, r.rules))
	}
	if strings.TrimSpace(w.Reason) == "" {
		r.fail(n, "the reason is missing")
	}
	return w
}

// texts reads the keys of a mapping whose values are text; keys that are not allowed are findings.
func (r *waiverReader) texts(n *yaml.Node, into map[string]*string, allowed []string) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "want a mapping of %s", strings.Join(allowed, ", "))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !slices.Contains(allowed, key.Value) {
			r.fail(key, "unknown key %q%s: want %s", key.Value, wording.DidYouMean(key.Value, allowed), wording.Either(allowed))
			continue
		}
		field, ok := into[key.Value]
		if !ok {
			continue
		}
		if value.Kind != yaml.ScalarNode {
			r.fail(value, "%s: want text", key.Value)
			continue
		}
		*field = value.Value
	}
}

// waive takes out the findings that waivers excuse, and adds findings about waivers that have expired or excuse nothing.
// What a waiver excuses may be in an Application that was not rendered.
func waive(findings []Finding, o Options, in Input) (left []Finding, waived []Waived) {
	used, which := make([]bool, len(o.Waivers)), candidates(o.Waivers)
	for _, f := range findings {
		i, found := which.first(f)
		if !found {
			left = append(left, f)
			continue
		}
		used[i] = true
		if w := o.Waivers[i]; w.expired(o.Now) {
			left = append(left, f)
		} else {
			waived = append(waived, Waived{Finding: f, Waiver: w})
		}
	}
	complete := len(in.Incomplete()) == 0
	for i, w := range o.Waivers {
		switch {
		case w.expired(o.Now):
			left = append(left, Finding{
				Rule: "waivers/expired", Place: w.Place, Fix: waiverRules[0].Description,
				Message: fmt.Sprintf("the waiver of %s expired on %s", w.Rule, w.Expires.Format(time.DateOnly)),
			})
		case !used[i] && complete && in.Judged[w.Rule]: // of a rule that is off nobody knows
			left = append(left, Finding{
				Rule: "waivers/unused", Place: w.Place, Fix: waiverRules[2].Description,
				Message: fmt.Sprintf("the waiver of %s excuses nothing", w.Rule),
			})
		}
	}
	return left, waived
}

// excusable are the waivers that may excuse a finding, by its rule and cluster: both grow with the clusters, and each finding
// asks but for its own.
type excusable struct {
	waivers []Waiver
	// about are the numbers of waivers, in their order; those of all clusters stand under none.
	about map[ruleIn][]int
}

// ruleIn is a rule in a cluster.
type ruleIn struct{ rule, cluster string }

func candidates(waivers []Waiver) excusable {
	e := excusable{waivers, map[ruleIn][]int{}}
	for i, w := range waivers {
		at := ruleIn{w.Rule, w.Cluster}
		e.about[at] = append(e.about[at], i)
	}
	return e
}

// first gives the number of the first waiver that excuses a finding.
func (e excusable) first(f Finding) (number int, found bool) {
	if f.Resource == nil {
		return 0, false
	}
	for _, cluster := range []string{"", f.Resource.Origin.Cluster} {
		numbers := e.about[ruleIn{f.Rule, cluster}]
		at := slices.IndexFunc(numbers, func(i int) bool { return e.waivers[i].matches(f) })
		if at >= 0 && (!found || numbers[at] < number) {
			number, found = numbers[at], true
		}
	}
	return number, found
}

// End is the moment after which the waiver has expired; the zero time is never.
func (w Waiver) End() time.Time {
	if w.Expires.IsZero() {
		return time.Time{}
	}
	return w.Expires.AddDate(0, 0, 1)
}

// usedWaivers counts what each waiver excuses.
func usedWaivers(waivers []Waiver, waived []Waived) []UsedWaiver {
	count := map[manifest.Place]int{}
	for _, f := range waived {
		count[f.Waiver.Place]++
	}
	used := make([]UsedWaiver, len(waivers))
	for i, w := range waivers {
		used[i] = UsedWaiver{w, count[w.Place]}
	}
	return used
}

func (w Waiver) expired(now time.Time) bool {
	return !w.Expires.IsZero() && now.After(w.End())
}

func (w Waiver) matches(f Finding) bool {
	if w.Rule != f.Rule || f.Resource == nil {
		return false
	}
	id, origin := f.Resource.ID, f.Resource.Origin
	for _, field := range []struct{ want, is string }{
		{w.Cluster, origin.Cluster}, {w.Component, origin.Component}, {w.Kind, id.Kind},
		{w.Namespace, id.Namespace}, {w.Name, id.Name}, {w.Container, strings.TrimPrefix(f.Detail, "container ")},
	} {
		if field.want != "" && field.want != field.is {
			return false
		}
	}
	return true
}
