package part

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/locate"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// Named is a part with the file that it stands in.
type Named struct {
	File string
	Part
}

// Whole makes the report of all parts; most is how many findings it lists, as linter.Options have it. failure says why the run fails
// whatever was found, nil where nothing does. An error says that these are not all parts of one report.
func Whole(parts []Named, most int) (out report.Report, failure error, err error) {
	if err := fit(parts); err != nil {
		return out, nil, err
	}
	first := parts[0].Whole
	in, o, err := parts[0].settings()
	if err != nil {
		return out, nil, err
	}
	o.Most = most
	var found linter.Judgement
	values := map[locate.Field]locate.Found{}
	out = first.Report
	out.Ends = report.Ends{}
	for _, p := range parts {
		r := newReader(p.Own)
		findings, err := r.findings()
		if err := errors.Join(err, r.values(values)); err != nil {
			return out, nil, fmt.Errorf("%s: it is damaged: %w", p.File, err)
		}
		found.Findings, found.Needed = append(found.Findings, findings...), append(found.Needed, p.Own.Needed...)
		for _, n := range p.Own.NotJudged {
			if !slices.Contains(found.NotJudged, n) {
				found.NotJudged = append(found.NotJudged, n)
			}
		}
		for _, e := range p.Own.Ends {
			out.Ends[e.At] = e.End
		}
		out.Seconds = max(out.Seconds, p.Seconds)
	}
	out.Report = locate.Tell(linter.Settle(first.rules(), found, in, o).Tell(in, o), values).Gather(o)
	return out, first.Failure.err(), nil
}

// settings are how all parts are judged.
func (p Named) settings() (in linter.Input, o linter.Options, err error) {
	w := p.Whole
	in = linter.Input{Tier: w.Report.Tier, Params: w.Input.Params, Applications: w.Input.Applications, External: w.Input.External}
	o = linter.Options{Severity: w.Options.Severity, Set: w.Options.Set, Waivers: w.Options.Waivers, Baseline: w.Options.Baseline, Only: w.Options.Only, Now: p.Now}
	for _, one := range w.Options.WaiverFindings {
		f, err := reader{}.finding(one)
		if err != nil {
			return in, o, fmt.Errorf("%s: it is damaged: %w", p.File, err)
		}
		o.WaiverFindings = append(o.WaiverFindings, f)
	}
	return in, o, nil
}

// rules are those that are judged. Which bring a check counts for what is not told, and nothing is checked any more.
func (w whole) rules() []linter.Rule {
	rules := slices.Clone(w.Rules)
	for i, rule := range rules {
		if w.Checked[rule.ID] {
			rules[i].Check = func(*linter.View) linter.Judgement { return linter.Judgement{} }
		}
	}
	return rules
}

func (f Failure) err() error {
	if len(f.Errors) == 0 {
		return nil
	}
	var all []error
	for _, text := range f.Errors {
		all = append(all, errors.New(text))
	}
	return fault.Hint(errors.Join(all...), f.Hint)
}

// FailureOf is why a run fails; err may be nil.
func FailureOf(err error) (f Failure) {
	if err == nil {
		return f
	}
	for _, one := range fault.Each(err) {
		f.Errors = append(f.Errors, one.Error())
	}
	if hinted := (fault.Hinted{}); errors.As(err, &hinted) {
		f.Hint = hinted.Hint
	}
	return f
}

// check finds what is wrong with a part by itself.
func (p Part) check(file string) error {
	if s := p.Share; s.Number < 1 || s.Number > s.Of {
		return fmt.Errorf("%s: it is damaged: it says that it is part %d of %d", file, s.Number, s.Of)
	}
	return nil
}

// fit finds why parts are not all parts of one report, and sorts them.
func fit(parts []Named) error {
	if len(parts) == 0 {
		return errors.New("there are no parts")
	}
	slices.SortStableFunc(parts, func(a, b Named) int { return a.Share.Number - b.Share.Number })
	first := parts[0]
	for _, p := range parts[1:] {
		if err := fits(first, p); err != nil {
			return err
		}
	}
	var lacking []string
	for number := range first.Share.Of {
		if !slices.ContainsFunc(parts, func(p Named) bool { return p.Share.Number == number+1 }) {
			lacking = append(lacking, fmt.Sprintf("%d/%d", number+1, first.Share.Of))
		}
	}
	for i, p := range parts[1:] {
		if p.Share == parts[i].Share {
			return fault.Hint(fmt.Errorf("%s and %s are both part %d of %d", parts[i].File, p.File, p.Share.Number, p.Share.Of), "give each part once")
		}
	}
	if len(lacking) > 0 {
		return fault.Hint(fmt.Errorf("the part of --shard=%s is lacking: there are %s of %d", strings.Join(lacking, ", "), wording.Count(len(parts), "part"), first.Share.Of),
			"the run that was to write it has failed, or its file is not given")
	}
	return nil
}

// fits finds why two parts are not of one report.
func fits(a, b Named) error {
	both := a.File + " and " + b.File
	switch {
	case a.Share.Of != b.Share.Of:
		return fmt.Errorf("%s are parts of different runs: one is of %d parts, the other of %d", both, a.Share.Of, b.Share.Of)
	case a.Tree != b.Tree || a.Commit != b.Commit:
		return fault.Hint(fmt.Errorf("%s are of different files: of %s and of %s", both, a.of(), b.of()), "a part that is written into the repository is one of its files: write it elsewhere")
	}
	for _, pair := range [][2][]Flag{{a.Flags, b.Flags}, {b.Flags, a.Flags}} {
		for _, flag := range pair[0] {
			if !slices.Contains(pair[1], flag) {
				return fmt.Errorf("%s were not made with the same flags: --%s is another one, or is lacking", both, flag.Name)
			}
		}
	}
	if one, other := a.Whole.differs(b.Whole); one != "" {
		return fault.Hint(fmt.Errorf("%s tell of different things: %s, and %s", both, one, other), "the runs were not given the same charts, files or schemas: vendor them, or run all again")
	}
	return nil
}

// of is what a part is of.
func (p Part) of() string {
	if p.Commit != "" {
		return fmt.Sprintf("the commit %.7s", p.Commit)
	}
	return fmt.Sprintf("a tree with the digest %.12s", p.Tree)
}

// differs gives the first thing that two parts do not say alike, as each says it; it is empty where there is none.
func (w whole) differs(from whole) (one, other string) {
	for i, a := range w.Report.Applications {
		if i >= len(from.Report.Applications) {
			break
		}
		if b := from.Report.Applications[i]; a != b {
			return a.Name + " is " + a.State.Kind.String(), b.Name + " is " + b.State.Kind.String()
		}
	}
	a, wrong := json.Marshal(w)
	b, alsoWrong := json.Marshal(from)
	if wrong != nil || alsoWrong != nil || bytes.Equal(a, b) {
		return "", ""
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	excerpt := func(text []byte) string {
		return string(bytes.ToValidUTF8(text[max(0, at-40):min(len(text), at+40)], nil))
	}
	return fmt.Sprintf("one has %q", excerpt(a)), fmt.Sprintf("the other %q", excerpt(b))
}
