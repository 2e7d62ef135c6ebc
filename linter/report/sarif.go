package report

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report/sarif"
)

const (
	homepage = "https://github.com/gitopsgen/gitopsgen"
	// sarifBase is the name under which forges look for the root of the repository.
	sarifBase = "%SRCROOT%"
	// sarifFingerprint is versioned: what makes a fingerprint may change with the name alone.
	sarifFingerprint = "gitopsgen/v1"
)

var sarifLevels = map[linter.Severity]string{linter.Off: "none", linter.Info: "note", linter.Warning: "warning", linter.Error: "error"}

// writeSARIF writes the report for code scanning: all rules, findings with their places, what excuses those that are waived,
// and what was not judged.
func writeSARIF(w *escape.Writer, r Report) error {
	index := map[string]int{}
	rules := []sarif.Rule{}
	for i, rule := range r.Rules {
		index[rule.ID] = i
		rules = append(rules, r.sarifRule(rule))
	}
	run := sarif.Run{
		Tool: sarif.Tool{Driver: sarif.Driver{
			Name: r.Tool.Name, Version: r.Tool.Version, SemanticVersion: r.Tool.Version, InformationURI: homepage, Rules: rules,
		}},
		Invocations: []sarif.Invocation{r.sarifInvocation(index)},
		Bases:       map[string]sarif.Artifact{sarifBase: {Description: &sarif.Text{Text: "The root of the Git repository."}}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarif.Result{},
	}
	ends := newExtents(r)
	for _, f := range r.Findings {
		one := r.sarifResult(f, index)
		if region, end := one.Locations[0].Physical.Region, ends.end(f); region != nil {
			region.EndLine, region.EndColumn = end.line, end.column
		}
		run.Results = append(run.Results, one)
	}
	for _, f := range r.Waived {
		one := r.sarifResult(f.Finding, index)
		one.Suppressions = []sarif.Suppression{{
			Kind: "external", Status: "accepted", Justification: f.Waiver.Reason, Location: r.sarifLocation(f.Waiver.Place),
		}}
		run.Results = append(run.Results, one)
	}
	return escape.JSON(w, sarif.Log{Schema: sarif.Schema, Version: sarif.Version, Runs: []sarif.Run{run}})
}

func (r Report) sarifRule(rule linter.Rule) sarif.Rule {
	own, _ := r.Weigh(rule)
	category, _, _ := strings.Cut(rule.ID, "/")
	parts := []string{rule.Title + ".", rule.Description, rule.Rationale}
	out := sarif.Rule{
		ID: rule.ID, Short: sarif.Text{Text: rule.Title}, Full: sarif.Text{Text: rule.Title + ". " + rule.Description},
		Help:    sarif.Text{Text: strings.Join(parts, "\n\n")},
		Default: sarif.Weight{Enabled: own != linter.Off, Level: sarifLevels[own]}, More: sarif.Properties{Tags: []string{category}},
	}
	for i, part := range parts {
		parts[i] = prose(part)
	}
	for _, reference := range rule.References {
		if !isLink(reference) {
			continue
		}
		out.Help.Text += "\n\n" + reference
		parts = append(parts, "<"+reference+">")
		if out.HelpURI == "" {
			out.HelpURI = reference
		}
	}
	out.Help.Markdown = strings.Join(parts, "\n\n")
	return out
}

// linked matches what readers of Markdown make a link or a mention of without any mark.
var linked = regexp.MustCompile(`(?i)@|://|www\.`)

// prose is a text in Markdown; it is code where it would be more than a text.
func prose(text string) string {
	if linked.MatchString(text) {
		return escape.Code(text)
	}
	return escape.Markdown(text)
}

// isLink reports whether a reference is the URL of a page, and nothing else in Markdown.
func isLink(reference string) bool {
	u, err := url.ParseRequestURI(reference)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.String() == reference && !strings.ContainsAny(reference, "<> ")
}

// sarifInvocation says what was not judged, and which rules weigh other than the tier would have it.
func (r Report) sarifInvocation(index map[string]int) sarif.Invocation {
	out := sarif.Invocation{Successful: len(r.Failures) == 0, Overrides: []sarif.Override{}, Notifications: []sarif.Notification{}}
	for _, s := range r.Set {
		if s.Param == "" {
			out.Overrides = append(out.Overrides, sarif.Override{
				Rule: sarif.Reference{ID: s.Rule, Index: index[s.Rule]}, Weight: sarif.Weight{Enabled: s.To != linter.Off, Level: sarifLevels[s.To]},
				More: sarif.Properties{SetBy: r.place(s.Place)},
			})
		}
	}
	tell := func(level, text string) {
		out.Notifications = append(out.Notifications, sarif.Notification{Level: level, Message: plainMessage(text)})
	}
	for _, failure := range r.Failures {
		tell("error", failure)
	}
	for _, remark := range r.unjudged() {
		tell("warning", remark.What+": "+remark.Text)
	}
	for _, remark := range append(r.Settings(), r.assumed()...) {
		tell("note", remark.What+": "+remark.Text)
	}
	return out
}

func (r Report) sarifResult(f linter.Finding, index map[string]int) sarif.Result {
	text := f.Message
	if about := about(f); about != "" {
		text += "\n" + about
	}
	if f.Fix != "" {
		text += "\n" + f.Fix
	}
	at := r.sarifLocation(f.Place)
	if f.Resource != nil {
		at.Logical = []sarif.Logical{{Name: f.Subject(), Kind: "object"}}
	}
	out := sarif.Result{
		RuleID: f.Rule, RuleIndex: index[f.Rule], Level: sarifLevels[f.Severity], Message: plainMessage(text), Locations: []sarif.Location{at},
		Fingerprints: map[string]string{sarifFingerprint: f.Fingerprint()}, Suppressions: []sarif.Suppression{},
	}
	for i, one := range f.Related {
		at, message := r.sarifLocation(one.Place), plainMessage(one.Message)
		at.ID, at.Message = i+1, &message
		out.Related = append(out.Related, at)
	}
	return out
}

func (r Report) sarifLocation(p manifest.Place) sarif.Location {
	_, _, published := r.Checkouts.Of(p.File)
	p = r.at(p)
	out := sarif.Location{Physical: sarif.Physical{Artifact: sarif.Artifact{URI: (&url.URL{Path: p.File}).String(), BaseID: sarifBase}}}
	if published {
		out.Physical.Artifact = sarif.Artifact{URI: p.File}
	}
	if p.Line > 0 {
		out.Physical.Region = &sarif.Region{Line: p.Line, Column: p.Column}
	}
	return out
}

// plainMessage is a message in which readers find no link: of those, [text](destination) is one.
func plainMessage(text string) sarif.Text {
	return sarif.Text{Text: strings.ReplaceAll(text, "](", "] (")}
}
