package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/linter"
)

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Time   string       `xml:"time,attr"`
	Suites []junitSuite `xml:"testsuite"`
}

// junitSuite is a rule, with a case for each finding; without findings it has one case, which passed.
type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Cases []junitCase `xml:"testcase"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Failure *junitReason `xml:"failure"`
	Error   *junitReason `xml:"error"`
	Skipped *junitReason `xml:"skipped"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a report of tests: a suite for each rule and one for the Applications, so that what was judged counts
// as passed, and what was not as skipped.
func writeJUnit(w *escape.Writer, r Report) error {
	all := junitSuites{Name: r.Tool.Name, Time: fmt.Sprintf("%.1f", r.Seconds), Suites: append([]junitSuite{r.junitRun()}, r.junitRules()...)}
	for i := range all.Suites {
		suite := &all.Suites[i]
		seen := map[string]int{}
		for n := range suite.Cases {
			one := &suite.Cases[n]
			one.Class, one.File = suite.Name, escape.Text(one.File)
			one.Name = each(seen, escape.Text(one.Name), "%s (%d)")
			suite.count(*one)
			all.count(*one)
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func (c *junitCounts) count(one junitCase) {
	c.Tests++
	switch {
	case one.Failure != nil:
		c.Failures++
	case one.Error != nil:
		c.Errors++
	case one.Skipped != nil:
		c.Skipped++
	}
}

// junitRun says how far everything was judged.
func (r Report) junitRun() junitSuite {
	whole := junitCase{Name: "what must be judged is judged"}
	if len(r.Failures) > 0 {
		whole.Error = newReason("", r.Failures...)
	}
	suite := junitSuite{Name: escape.Text(r.Tool.Name), Cases: []junitCase{whole}}
	for _, a := range r.Applications {
		one := junitCase{Name: "Application " + a.Name}
		if !a.State.Known() {
			one.Skipped = newReason("", strings.TrimSuffix(a.State.Kind.String()+": "+a.State.Reason, ": "))
		}
		suite.Cases = append(suite.Cases, one)
	}
	for _, root := range r.Roots {
		suite.Cases = append(suite.Cases, junitCase{Name: root.label(), Skipped: newReason("", root.State.Kind.String()+": "+root.State.Reason)})
	}
	return suite
}

// junitRules has a suite for each rule.
func (r Report) junitRules() (suites []junitSuite) {
	cases := map[string][]junitCase{}
	for _, f := range r.Findings {
		one := r.junitCase(f)
		if why := newReason(f.Severity.String(), append([]string{f.Message, r.place(f.Place)}, r.explain(f)...)...); f.Severity > linter.Info {
			one.Failure = why
		} else {
			one.Out = why.Text
		}
		cases[f.Rule] = append(cases[f.Rule], one)
	}
	for _, f := range r.Waived {
		one := r.junitCase(f.Finding)
		one.Skipped = newReason("", "waived by "+r.place(f.Waiver.Place)+": "+f.Waiver.Reason)
		cases[f.Rule] = append(cases[f.Rule], one)
	}
	for _, n := range r.NotJudged {
		cases[n.Rule] = append(cases[n.Rule], junitCase{Name: "not judged", Skipped: newReason("", n.Reason)})
	}
	for _, s := range r.Set {
		if s.Softens() && s.To == linter.Off {
			cases[s.Rule] = append(cases[s.Rule], junitCase{Name: "off", Skipped: newReason("", "off by "+r.place(s.Place))})
		}
	}
	for _, rule := range r.Rules {
		own := cases[rule.ID]
		if len(own) == 0 {
			own = []junitCase{{Name: rule.Title}}
		}
		suites = append(suites, junitSuite{Name: escape.Text(rule.ID), Cases: own})
	}
	return suites
}

// junitCase is a finding. Its name has no line, so that CI systems know it again when lines move.
func (r Report) junitCase(f linter.Finding) junitCase {
	at, name := r.at(f.Place), f.Message
	if f.Resource != nil {
		name = f.Subject() + ": " + name
	}
	return junitCase{Name: name, File: at.File, Line: at.Line}
}

// newReason says why, in lines.
func newReason(kind string, lines ...string) *junitReason {
	lines = slices.Clone(lines)
	for i, line := range lines {
		lines[i] = escape.Text(line)
	}
	return &junitReason{Type: kind, Message: lines[0], Text: strings.Join(lines, "\n")}
}
