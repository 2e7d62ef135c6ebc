package report

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// What bounds a summary, in bytes: GitHub takes comments of 65,536 characters, and somebody may put something before it.
const (
	maxMarkdown = 58_000
	maxFold     = 7_000 // of one fold
	maxItems    = 20    // of one fold
	maxLines    = 4     // that explain a finding
	maxText     = 300   // of one text
)

// writeMarkdown writes a summary for a comment: what was judged, the worst findings by rule, and what is not judged or switched
// off. Texts that may be others' stand in code, where nothing is markup, a mention or a link.
func writeMarkdown(w *escape.Writer, r Report) error {
	text, hidden := fmt.Sprintf("**%s**\n", r.Summary())+section("Failed, whatever was found", r.failed()), 0
	rest := section("Not told, or not judged as it is", r.unjudged()) + section("Switched off, softened, set or waived", r.Settings()) + section("Assumed", r.assumed())
	for _, findings := range byRule(r.worst()) {
		one, left := r.foldRule(findings)
		if len(text)+len(one)+len(rest) > maxMarkdown {
			hidden += len(findings)
			continue
		}
		text, hidden = text+one, hidden+left
	}
	if hidden > 0 {
		text += fmt.Sprintf("\n%s not shown here.\n", wording.Count(hidden, "finding"))
	}
	_, err := io.WriteString(w, text+rest)
	return err
}

// section folds remarks; it is nothing where there are none.
func section(title string, remarks []Remark) (text string) {
	var items []string
	for _, remark := range remarks {
		items = append(items, remark.What+": "+code(remark.Text))
	}
	if len(items) > 0 {
		text, _ = fold(title, items)
	}
	return text
}

// failed says why the run fails whatever was found.
func (r Report) failed() (all []Remark) {
	for _, failure := range r.Failures {
		all = append(all, Remark{"failed", failure})
	}
	return all
}

// byRule groups findings that are sorted by severity, each group where its first finding is.
func byRule(findings []linter.Finding) (groups [][]linter.Finding) {
	type key struct {
		rule     string
		severity linter.Severity
	}
	at := map[key]int{}
	for _, f := range findings {
		k := key{f.Rule, f.Severity}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// foldRule folds the findings of a rule, and says how many it left out.
func (r Report) foldRule(findings []linter.Finding) (text string, left int) {
	first, fix := findings[0], ""
	var items []string
	for _, f := range findings {
		if f.Fix == fix { // which the one before it has said
			f.Fix = ""
		} else {
			fix = f.Fix
		}
		item, lines := code(r.place(f.Place))+" "+code(f.Message), r.explain(f)
		for _, line := range lines[:min(len(lines), maxLines)] {
			item += "<br>" + code(line)
		}
		items = append(items, item)
	}
	title := fmt.Sprintf("%s: <code>%s</code>: %s", first.Severity, html.EscapeString(short(first.Rule)), wording.Count(len(findings), "finding"))
	return fold(title, items)
}

// fold makes a list under a title that is HTML, as much of it as there is room for, and says how many items it left out.
func fold(title string, items []string) (text string, left int) {
	text = fmt.Sprintf("\n<details>\n<summary>%s</summary>\n\n", title)
	for i, item := range items {
		if i == maxItems || len(text)+len(item) > maxFold {
			left = len(items) - i
			text += fmt.Sprintf("- and %d more\n", left)
			break
		}
		text += fmt.Sprintf("- %s\n", item)
	}
	return text + "\n</details>\n", left
}

// code writes a text as code. An empty one would leave its marks to pair with others.
func code(text string) string { return escape.Code(cmp.Or(short(text), " ")) }

// short is a text as it is shown, or the beginning of it.
func short(text string) string {
	if text = escape.Text(text); len(text) <= maxText {
		return text
	}
	end := maxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
