package listing

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Rules are the formats of which rules there are. Of a report they take the rules, the tier and what is set.
var Rules = map[string]func(io.Writer, linter.Report) error{
	"json": rulesJSON,
	"text": rulesText,
}

// ruleJSON is a rule in JSON; the form is versioned by the field schema.
type ruleJSON struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Rationale   string      `json:"rationale"`
	Severity    byTier      `json:"severity"`
	InForce     string      `json:"inForce"`
	Kinds       []string    `json:"kinds"`
	Params      []paramJSON `json:"params"`
	Under       []string    `json:"under"`
	References  []string    `json:"references"`
}

type byTier struct {
	Small      string `json:"small"`
	Medium     string `json:"medium"`
	Enterprise string `json:"enterprise"`
}

type paramJSON struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Required    bool   `json:"required"`
	Default     any    `json:"default,omitempty"`
}

func rulesJSON(w io.Writer, found linter.Report) error {
	all := []ruleJSON{}
	for _, rule := range found.Rules {
		_, inForce := found.Weigh(rule)
		s := rule.Severity
		one := ruleJSON{
			ID: rule.ID, Title: rule.Title, Description: rule.Description, Rationale: rule.Rationale,
			Severity: byTier{s.Small.String(), s.Medium.String(), s.Enterprise.String()}, InForce: inForce.String(),
			Kinds: slices.Concat([]string{}, rule.Kinds), Params: []paramJSON{},
			Under: slices.Concat([]string{}, rule.Under), References: slices.Concat([]string{}, rule.References),
		}
		for _, p := range rule.Params {
			one.Params = append(one.Params, paramJSON{p.Name, p.Description, p.Default == nil, p.Default})
		}
		all = append(all, one)
	}
	return escape.JSON(w, map[string]any{"schema": 1, "tier": found.Tier, "rules": all})
}

func rulesText(w io.Writer, found linter.Report) error {
	off := 0
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, rule := range found.Rules {
		own, inForce := found.Weigh(rule)
		if inForce == linter.Off {
			off++
		}
		severity := inForce.String()
		if own != inForce {
			severity += " (" + own.String() + ")"
		}
		escape.Fprintf(t, "%s\t%s\t%s\n", rule.ID, severity, rule.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s for the tier %s, %d of them off; gitopsgen explain RULE tells of one\n", wording.Count(len(found.Rules), "rule"), found.Tier, off)
	return err
}

// Explain writes what a rule is for, how much it weighs and how to set it, with an example where there is one.
func Explain(w io.Writer, found linter.Report, rule linter.Rule, example string) error {
	own, inForce := found.Weigh(rule)
	escape.Fprintf(w, "%s: %s\n\n%s\n\n%s\n\n", rule.ID, rule.Title, paragraph(rule.Description), paragraph(rule.Rationale))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "severity\tsmall %s, medium %s, enterprise %s\n", rule.Severity.Small, rule.Severity.Medium, rule.Severity.Enterprise)
	if own != inForce {
		fmt.Fprintf(t, "here\t%s\n", inForce)
	}
	for _, one := range []struct {
		what   string
		values []string
	}{{"kinds", rule.Kinds}, {"silent where", rule.Under}, {"see", rule.References}} {
		for i, value := range one.values {
			if i > 0 {
				one.what = ""
			}
			escape.Fprintf(t, "%s\t%s\n", one.what, value)
		}
	}
	for _, p := range rule.Params {
		state := "required"
		if p.Default != nil {
			value, err := escape.Value(p.Default)
			if err != nil {
				return err
			}
			state = "default " + value
		}
		escape.Fprintf(t, "parameter\t%s: %s (%s)\n", p.Name, strings.TrimSuffix(p.Description, "."), state)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if example != "" {
		fmt.Fprintf(w, "\n%s\n", plain(example))
	}
	_, err := fmt.Fprintf(w, "\n%s", settingsOf(rule))
	return err
}

// plain writes Markdown for a terminal: what stands between fences is indented.
func plain(markdown string) string {
	var lines []string
	inside := false
	for line := range strings.SplitSeq(markdown, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
			continue
		case inside:
			line = "    " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// settingsOf shows how to set a rule, and how to excuse something from it.
func settingsOf(rule linter.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "in gitopsgen.yaml:\n\n    lint:\n      severity: {%s: warning}\n", rule.ID)
	for _, p := range rule.Params {
		fmt.Fprintf(&b, "      params: {%s: {%s: …}}\n", rule.ID, p.Name)
	}
	fmt.Fprintf(&b, "\nin policies/waivers.yaml:\n\n    waivers:\n      - rule: %s\n        match: {namespace: …, name: …}\n        reason: …\n", rule.ID)
	return b.String()
}

// paragraph ends a text with a period.
func paragraph(text string) string {
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
