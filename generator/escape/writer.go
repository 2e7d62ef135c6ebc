package escape

import (
	"io"
	"strings"
	"unicode"
)

// Writer is the last door before a terminal or a log: whatever comes by, no control character passes it but line breaks
// and tabs, and no line begins as a command does. What Sprintf, JSON and YAML write passes as it is.
type Writer struct {
	w      io.Writer
	colors bool
	// begun is what stands in the line so far: blanks, and up to two bytes behind them.
	begun string
}

// NewWriter makes a Writer.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// NewColorWriter makes a Writer that lets the colours of Painted through.
func NewColorWriter(w io.Writer) *Writer { return &Writer{w: w, colors: true} }

// Unwrap gives the writer behind the door.
func (w *Writer) Unwrap() io.Writer { return w.w }

// Write implements io.Writer. No rune, and no command, may be split between two calls.
func (w *Writer) Write(data []byte) (int, error) {
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		b.WriteString(w.line(w.escaped(line)))
	}
	if _, err := io.WriteString(w.w, b.String()); err != nil {
		return 0, err
	}
	return len(data), nil
}

// escaped escapes a text but for line breaks, tabs and colours.
func (w *Writer) escaped(text string) string {
	if w.colors && strings.Contains(text, "\x1b") {
		for _, c := range []Color{Bold, Red, Green, Yellow, Cyan, plainly} {
			if before, after, ok := strings.Cut(text, c.sequence()); ok {
				return w.escaped(before) + c.sequence() + w.escaped(after)
			}
		}
	}
	return plain(text, breaks)
}

// line escapes the second of two colons that a line begins with, blanks before them or not. text is a line or a part of one.
func (w *Writer) line(text string) string {
	line := w.begun + text
	start := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	if w.begun = line[:min(start+2, len(line))]; strings.HasSuffix(text, "\n") {
		w.begun = ""
	}
	second := start + 1 - (len(line) - len(text))
	if second < 0 || !strings.HasPrefix(line[start:], "::") {
		return text
	}
	return text[:second] + `\x3a` + text[second+1:]
}
