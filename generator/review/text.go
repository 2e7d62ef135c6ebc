package review

import (
	"cmp"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// lineWidth is how long old and new may be together to stand in one line.
const lineWidth = 90

// none is told in the place of a chart or an image that there is not.
const none = "none"

var signColors = map[string]escape.Color{"+": escape.Green, "-": escape.Red, "~": escape.Yellow}

// dangerColors are those of dangers that only need to be known; all others are red.
var dangerColors = map[difference.DangerKind]escape.Color{difference.Asks: escape.Yellow, difference.Moves: escape.Yellow, difference.Lingers: escape.Cyan}

// writeText writes for a terminal: how much differs, what is dangerous, then each Application.
func writeText(w io.Writer, r Review) error {
	var b strings.Builder
	paint := func(color escape.Color, text string) escape.Painted {
		if !r.Color {
			color = ""
		}
		return escape.Painted{Text: text, Color: color}
	}
	escape.Fprintf(&b, "%s\n", paint(escape.Bold, headline(r)))
	for _, d := range r.Dangers {
		color := dangerColors[d.Kind]
		if color == "" {
			color = escape.Red
		}
		escape.Fprintf(&b, "%s: %s: %s\n", paint(color, string(d.Kind)), subject(d), d.Message)
	}
	for _, app := range r.Applications {
		escape.Fprintf(&b, "\n%s\n", paint(escape.Bold, title(app)))
		for _, v := range app.Charts {
			escape.Fprintf(&b, "  chart %s: %s → %s\n", v.Chart, cmp.Or(v.Old, none), cmp.Or(v.New, none))
		}
		for _, i := range app.Images {
			escape.Fprintf(&b, "  image %s → %s (%s)\n", cmp.Or(i.Old, none), cmp.Or(i.New, none), wording.Some(i.Users))
		}
		for _, l := range appLines(app, lineWidth) {
			escape.Fprintf(&b, "  %s %s\n", paint(signColors[l.sign], l.sign), paint(signColors[l.sign], l.text))
		}
	}
	writeRemarks(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeRemarks says what was not compared, or not wholly, and what had to be assumed.
func writeRemarks(b *strings.Builder, r Review) {
	if len(r.Lacking)+len(r.Recorded)+len(r.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, l := range r.Lacking {
		what, text := lacks(l)
		escape.Fprintf(b, "%s: %s\n", what, text)
	}
	for _, text := range records(r) {
		escape.Fprintf(b, "recorded: %s\n", text)
	}
	for _, n := range r.Notes {
		escape.Fprintf(b, "note: %s\n", n)
	}
}

// appLines tell of the objects of an Application. What only follows from others is counted.
func appLines(app difference.Application, width int) []line {
	var lines []line
	for _, o := range app.Objects {
		if !isNoise(o) {
			lines = append(lines, objectLines(o, width)...)
		}
	}
	if n := noise(app); n > 0 {
		lines = append(lines, line{" ", "and " + wording.Count(n, "object") + " in checksums and version labels alone"})
	}
	if app.Fetched > 0 {
		lines = append(lines, line{" ", "and " + wording.Count(app.Fetched, "object") + " of what is fetched by URL (--show-fetched tells of them)"})
	}
	return lines
}
