package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	markdown "github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

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
		fmt.Fprintf(&b, "%s ", n.Kind())
		switch n := n.(type) {
		case *markdown.CodeSpan:
			return markdown.WalkSkipChildren, nil
		case *markdown.Text:
			fmt.Fprintf(&b, "%q ", n.Segment.Value(source))
		case *markdown.RawHTML:
			fmt.Fprintf(&b, "%q ", n.Segments.Value(source))
		case *markdown.HTMLBlock:
			fmt.Fprintf(&b, "%q ", code.ReplaceAll(n.Lines().Value(source), []byte("CODE")))
		}
		return markdown.WalkContinue, nil
	})
	if err != nil {
		panic(err) // the walker above gives none
	}
	return b.String()
}

// TestMarkdown states that no text of a report is anything but code, however strange it is.
func TestMarkdown(t *testing.T) {
	want := shape(written(t, "markdown", full("x")))
	if !strings.Contains(want, "CodeSpan") || !strings.Contains(want, "CODE") || strings.Contains(want, `"x`) {
		t.Fatalf("got %s", want)
	}
	for _, one := range append([]string{strange, "`", "``` ```", " ` `", "\\", "</code></summary>", "&lt;", "- x", "https://evil.example.org", strings.Repeat("`", 100), strings.Repeat("ü", 400)}, hostile...) {
		if got := shape(written(t, "markdown", full(one))); got != want {
			t.Errorf("%q: got\n%s\nwant what a harmless text makes:\n%s", one, got, want)
		}
	}
	for name, r := range reports() {
		if got := shape(written(t, "markdown", r)); strings.Contains(got, "EVIL") || strings.Contains(got, "evil") || strings.Contains(got, "@") || strings.Contains(got, "Link") {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, one := range hostile {
		f.Add(one)
	}
	f.Add(strange)
	f.Fuzz(func(t *testing.T, one string) {
		if one == "" || len(one) > 100 {
			return // there would be no line about it, or no room for all of them
		}
		if got, want := shape(written(t, "markdown", full(one))), shape(written(t, "markdown", full("x"))); got != want {
			t.Errorf("%q: got\n%s\nwant what a harmless text makes:\n%s", one, got, want)
		}
	})
}
