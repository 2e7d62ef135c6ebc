package review_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	markdown "github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/review"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter/report/reporttest"
)

// full is a review in which every text is the one given, and of everything there is some.
func full(text string) review.Review {
	id := manifest.ID{Group: text, Version: text, Kind: text, Namespace: text, Name: text}
	app := difference.AppName{Cluster: text, Name: text}
	path := manifest.Path{text, 1, text}
	field := func(change fields.Change, old, now any) fields.Field {
		return fields.Field{Path: path, Within: []string{text}, Change: change, Old: old, New: now}
	}
	differ := []fields.Field{
		field(fields.Changed, text, text+"x"), field(fields.Added, nil, []any{text}), field(fields.Removed, map[string]any{text: text}, nil),
		field(fields.Changed, "a\n"+text+"\nb\n", "a\nc\n"+text+"x"), field(fields.Added, nil, "a\n"+text+"\n"), field(fields.Removed, text+"\na\n", nil),
		field(fields.Reordered, nil, nil), {Path: path, Change: fields.Changed, Secret: true, Refused: true},
		field(fields.Changed, strings.Repeat(text, 200), strings.Repeat(text, 199)),
	}
	objects := []difference.Object{
		{ID: id, Change: difference.Added}, {ID: id, Change: difference.Removed, Fate: fate.Fate{Verdict: fate.Stays, Reason: text}},
		{ID: id, Change: difference.Removed, Fate: fate.Fate{Verdict: fate.Asked, Reason: text}},
		{ID: id, Change: difference.Moved, From: app, Partial: true}, {ID: id, Change: difference.Changed, Differences: fields.Differences{Fields: differ, Folded: 2, More: 3}},
		{ID: id, Change: difference.Changed, Differences: fields.Differences{Folded: 1}},
	}
	one := difference.Application{
		Cluster: text, Name: text, Change: difference.Renamed, Was: text, Fetched: 1, Objects: objects,
		Charts: []difference.Version{{Chart: text, Old: text, New: text}}, Images: []difference.Image{{Old: text, New: text, Users: []string{text}}},
	}
	nobody := difference.Application{Objects: objects}
	return review.Review{Difference: difference.Difference{
		From: difference.Total{Name: text, Objects: 1, Applications: 1}, To: difference.Total{Name: text, Objects: 1, Applications: 1},
		Dangers: []difference.Danger{
			{Kind: difference.Deletes, AppName: app, Object: id, Message: text}, {Kind: difference.Refuses, AppName: app, Object: id, Paths: []manifest.Path{path}, Message: text},
		},
		Applications: []difference.Application{nobody, one},
		Lacking:      []difference.Lacking{{AppName: app, Before: text, After: text + "x"}, {AppName: app, Before: text, After: text, Elsewhere: true}},
		Recorded:     []difference.Recorded{{AppName: app, Reason: text}}, Notes: []string{text},
	}}
}

func write(t *testing.T, format string, r review.Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := review.Formats()[format](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile are texts that are commands where they are printed as they are: to a terminal, to a CI system, in Markdown.
var hostile = []string{
	"\n::error::x", "::stop-commands::x", "##[error]x", "\n##vso[task.x]y", "\x1b]0;title\x07\x1b[2J", "\u2028::x", "\u202eevil",
	"@everyone", "#1", "![x](https://evil.example.net/x.png)", "https://evil.example.net", "</code></summary></details><img src=x>", "```", "\n```\n@x", "````x",
	"`", "|", `\|`, "-->", "<!-- gitopsgen diff -->", "- [ ] x", "$x$", "&#64;x", "~~~",
}

// TestHostile states that no text of a repository does anything: no line is another one for it, and each passes the last door
// as it is.
func TestHostile(t *testing.T) {
	for format := range review.Formats() {
		plain := strings.Count(write(t, format, full("x")), "\n")
		for _, text := range hostile {
			got := write(t, format, full(text))
			var passed bytes.Buffer
			if _, err := escape.NewWriter(&passed).Write([]byte(got)); err != nil || passed.String() != got {
				t.Errorf("%s with %q: got %q, which is %q once it is harmless", format, text, got, passed.String())
			}
			// A text of several lines in one that is compared line by line has as many there.
			if n := strings.Count(got, "\n"); format != "json" && !strings.Contains(text, "\n") && n != plain {
				t.Errorf("%s with %q: got %d lines, want the %d of a harmless text:\n%s", format, text, n, plain, got)
			}
		}
	}
}

// shape is what a renderer of GitHub's Markdown makes of a text, without what stands in code: there nothing is markup, a mention
// or a link.
func shape(source []byte) string {
	var b strings.Builder
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	code := regexp.MustCompile(`<code>[^<>]*</code>`)
	err := markdown.Walk(document, func(n markdown.Node, entering bool) (markdown.WalkStatus, error) {
		if !entering {
			return markdown.WalkContinue, nil
		}
		switch n := n.(type) {
		case *markdown.CodeSpan:
			b.WriteString("code ")
			return markdown.WalkSkipChildren, nil
		case *markdown.Text:
			if value := string(n.Segment.Value(source)); value == "–" { // in place of an empty one
				b.WriteString("code ")
			} else {
				fmt.Fprintf(&b, "%q ", value)
			}
		case *markdown.RawHTML:
			fmt.Fprintf(&b, "html %q ", n.Segments.Value(source))
		case *markdown.HTMLBlock:
			fmt.Fprintf(&b, "html %q ", code.ReplaceAll(n.Lines().Value(source), []byte("code")))
		default:
			fmt.Fprintf(&b, "%s ", n.Kind())
		}
		return markdown.WalkContinue, nil
	})
	if err != nil {
		panic(err) // the walker above gives none
	}
	return b.String()
}

// TestMarkdownIsCode states that no text of a repository is anything but code, however strange it is.
func TestMarkdownIsCode(t *testing.T) {
	want := shape([]byte(write(t, "markdown", full("x"))))
	if !strings.Contains(want, "FencedCodeBlock") || !strings.Contains(want, "TableCell code") || strings.Contains(want, `"x`) {
		t.Fatalf("got %s", want)
	}
	for _, one := range hostile {
		if got := shape([]byte(write(t, "markdown", full(one)))); got != want {
			t.Errorf("%q: got\n%s\nwant what a harmless text makes:\n%s", one, got, want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, one := range hostile {
		f.Add(one)
	}
	f.Fuzz(func(t *testing.T, one string) {
		if one == "" || len(one) > 100 {
			return // there would be no line about it, or no room for all of them
		}
		if got, want := shape([]byte(write(t, "markdown", full(one)))), shape([]byte(write(t, "markdown", full("x")))); got != want {
			t.Errorf("%q: got\n%s\nwant what a harmless text makes:\n%s", one, got, want)
		}
	})
}

// TestMarkdownFits states that a comment is never too long, and says what it leaves out.
func TestMarkdownFits(t *testing.T) {
	r := full("x")
	for i := range 1000 {
		app := r.Applications[1]
		app.Name = fmt.Sprint("app", i)
		r.Applications = append(r.Applications, app)
		r.Dangers = append(r.Dangers, r.Dangers[0])
		r.Lacking = append(r.Lacking, r.Lacking[0])
	}
	whole := r.Applications[1]
	for range 3000 {
		whole.Objects = append(whole.Objects, whole.Objects[4])
	}
	r.Applications = append([]difference.Application{whole}, r.Applications...)
	got := write(t, "markdown", r)
	if len(got) > 60_000 || !strings.HasPrefix(got, "<!-- gitopsgen diff -->\n") {
		t.Errorf("got %d bytes that begin with %.40q", len(got), got)
	}
	for _, want := range []string{" Applications left out, for the comment would be too long.\n", "\nand 7", " further lines\n```"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if open, closed := strings.Count(got, "<details>"), strings.Count(got, "</details>"); open != closed {
		t.Errorf("%d details begin and %d end", open, closed)
	}
}

// TestJSON holds what is written against the schema that is published, and wants a review with all that there is to have each
// field of it.
func TestJSON(t *testing.T) {
	schema, err := os.ReadFile(filepath.Join("..", "..", "docs", "diff.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	whole := write(t, "json", full("x"))
	for _, text := range []string{write(t, "json", review.Review{}), whole} {
		if err := reporttest.Check(schema, []byte(text)); err != nil {
			t.Errorf("%v in %s", err, text)
		}
	}
	for _, field := range regexp.MustCompile(`"([a-zA-Z]+)": \{"(?:type|\$ref|description|enum|const)"`).FindAllSubmatch(schema, -1) {
		if name := string(field[1]); name != "items" && !strings.Contains(whole, `"`+name+`": `) && !strings.Contains(string(schema), `#/$defs/`+name) {
			t.Errorf("the schema has %s, and no review does", name)
		}
	}
}

// TestText keeps what a person reads.
func TestText(t *testing.T) {
	for _, format := range []string{"text", "markdown"} {
		goldentest.Compare(t, []byte(write(t, format, full("x"))), filepath.Join("generator", "review", "testdata", "full."+format))
	}
	if got, want := write(t, "text", review.Review{Difference: difference.Difference{
		From: difference.Total{Name: "HEAD (1a2b3c4)"}, To: difference.Total{Name: "the work tree", Applications: 20}, Compared: difference.Compared{Objects: 412, Applications: 20},
	}}), "no difference in 412 objects of 20 Applications from HEAD (1a2b3c4) to the work tree\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestColor states that colours are ours alone.
func TestColor(t *testing.T) {
	r := full("\x1b[31mx")
	r.Color = true
	got := write(t, "text", r)
	if !strings.Contains(got, "\x1b[32m+\x1b[0m") || strings.Contains(got, "\x1b[31mx") || reflect.DeepEqual(got, write(t, "text", full("x"))) {
		t.Errorf("got %q, want signs in colours and nothing else", got)
	}
}
