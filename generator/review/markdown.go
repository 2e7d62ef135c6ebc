package review

import (
	"fmt"
	"html"
	"io"
	"path"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// marker is the first line, by which a comment is found again.
const marker = "<!-- gitopsgen diff -->"

// How many bytes a comment may have, and what parts of it may have at most: forges take 65,536 characters. maxText is how many
// characters one text may have, so that it leaves room for others.
const (
	maxText    = 500
	maxComment = 60_000
	maxList    = 8_000
	maxDetails = 20_000
)

// writeMarkdown writes for the comment of a pull request: how much differs, what is dangerous, charts and images, then each
// Application, folded. Where it would be too long, whole Applications are left out and counted.
func writeMarkdown(w io.Writer, r Review) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n**Rendered difference**: %s\n", marker, escape.Code(headline(r)))
	var dangers, lacking []string
	for _, d := range r.Dangers {
		dangers = append(dangers, fmt.Sprintf("- **%s** %s\n", d.Kind, escape.Code(shortened(subject(d)+": "+d.Message, maxText))))
	}
	list(&b, "", dangers)
	list(&b, "| | name | from | to | in |\n| --- | --- | --- | --- | --- |\n", rows(r))
	for _, l := range r.Lacking {
		what, text := lacks(l)
		lacking = append(lacking, fmt.Sprintf("- %s: %s\n", what, escape.Code(shortened(text, maxText))))
	}
	for _, text := range records(r) {
		lacking = append(lacking, fmt.Sprintf("- recorded: %s\n", escape.Code(shortened(text, maxText))))
	}
	for _, n := range r.Notes {
		lacking = append(lacking, fmt.Sprintf("- note: %s\n", escape.Code(shortened(n, maxText))))
	}
	list(&b, "", lacking)
	const reserved = 100 // for what says that something was left out
	left := 0
	for _, app := range r.Applications {
		text := details(app)
		if b.Len()+len(text) > maxComment-reserved {
			left++
			continue
		}
		b.WriteString(text)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s left out, for the comment would be too long.\n", wording.Count(left, "Application"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// list writes lines under a head, as many as there is room for, and counts the others.
func list(b *strings.Builder, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	b.WriteString("\n" + head)
	size := 0
	for i, l := range lines {
		if size += len(l); size > maxList {
			fmt.Fprintf(b, "\nand %d more\n", len(lines)-i)
			return
		}
		b.WriteString(l)
	}
}

// rows are the charts and images that differ, as rows of a table.
func rows(r Review) []string {
	var rows []string
	row := func(what, name, old, now, in string) {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |\n", what, cell(name), cell(old), cell(now), cell(in)))
	}
	for _, app := range r.Applications {
		for _, v := range app.Charts {
			row("chart", v.Chart, v.Old, v.New, app.Name)
		}
	}
	for _, app := range r.Applications {
		for _, i := range app.Images {
			oldName, old := image.Split(i.Old)
			newName, now := image.Split(i.New)
			name := newName
			switch {
			case i.New == "":
				name = oldName
			case i.Old != "" && oldName != newName:
				name, old, now = path.Base(newName), i.Old, i.New
			}
			row("image", name, old, now, wording.Some(i.Users)+" of "+app.Name)
		}
	}
	return rows
}

// cell is a text in a table, whose columns a bar would part even in code.
func cell(text string) string {
	if text == "" {
		return "–"
	}
	return escape.Code(strings.ReplaceAll(shortened(text, maxText), "|", `\x7c`))
}

// details are what differs in an Application, folded.
func details(app difference.Application) string {
	var code strings.Builder
	left := 0
	for _, l := range appLines(app, 0) {
		sign := l.sign
		if sign == "~" {
			sign = "!"
		}
		if code.Len() > maxDetails {
			left++
			continue
		}
		escape.Fprintf(&code, "%s %s\n", sign, shortened(l.text, maxText))
	}
	if left > 0 {
		fmt.Fprintf(&code, "  and %s\n", wording.Count(left, "further line"))
	}
	fence := "```"
	for strings.Contains(code.String(), fence) {
		fence += "`"
	}
	head := html.EscapeString(escape.Text(shortened(title(app), maxText)))
	return fmt.Sprintf("\n<details><summary><code>%s</code>: %s</summary>\n\n%sdiff\n%s%s\n\n</details>\n", head, strings.Join(counts(app), ", "), fence, code.String(), fence)
}
