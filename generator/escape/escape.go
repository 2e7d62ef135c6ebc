// Package escape writes texts of others so that they stay texts where they are put: on a terminal, in the log of a CI
// system, in JSON, in YAML, in a shell command, in Markdown.
//
// It knows what reads such places as commands, and nothing of what the texts mean.
package escape

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text writes what could be a command of a terminal or of a CI system as visible escapes: control characters, line breaks
// among them, what turns the direction of writing, and bytes that are no UTF-8.
func Text(text string) string { return plain(text, nothing) }

// nothing and breaks are the control characters that stay what they are.
const (
	nothing = ""
	breaks  = "\n\t"
)

// plain escapes a text but for the control characters in keep.
func plain(text, keep string) string {
	if !isHostile(text, keep) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case !isControl(r) || strings.ContainsRune(keep, r):
			b.WriteString(text[:size])
		default:
			b.WriteString(visible(r))
		}
		text = text[size:]
	}
	return command.ReplaceAllStringFunc(b.String(), func(s string) string { return `#\x23` + s[2:] })
}

// command matches how older commands of CI systems begin, wherever in a line: ##[error], ##vso[task.
var command = regexp.MustCompile(`##[A-Za-z]*\[`)

// isHostile reports whether plain changes anything in text.
func isHostile(text, keep string) bool {
	hashes := false
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			return true
		case isControl(r) && !strings.ContainsRune(keep, r):
			return true
		case r == '#':
			hashes = hashes || strings.HasPrefix(text[i:], "##")
		}
	}
	return hashes && command.MatchString(text)
}

// isControl reports whether a rune does something in place of standing there.
func isControl(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r)
}

// visible is how a control character is shown.
func visible(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Sprintf formats as fmt does; what the arguments hold is escaped by Text, so that line breaks are those of format.
func Sprintf(format string, args ...any) string {
	safe := make([]any, len(args))
	for i, arg := range args {
		safe[i] = argument{arg}
	}
	return fmt.Sprintf(format, safe...)
}

// Fprintf is Sprintf to a writer.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	return io.WriteString(w, Sprintf(format, args...))
}

// argument is a value whose text is escaped however it is formatted.
type argument struct{ value any }

// Format implements fmt.Formatter.
func (a argument) Format(s fmt.State, verb rune) {
	if p, ok := a.value.(Painted); ok {
		_, _ = io.WriteString(s, p.paint())
		return
	}
	_, _ = io.WriteString(s, Text(fmt.Sprintf(fmt.FormatString(s, verb), a.value)))
}

// Painted is a text in a colour, as an argument of Sprintf.
type Painted struct {
	Text string
	// Color is one of the colours below; empty is none.
	Color Color
}

// Color is what stands between the brackets of a terminal's sequence.
type Color string

// The colours that a Writer with colours lets through.
const (
	Bold    Color = "1"
	Red     Color = "31"
	Green   Color = "32"
	Yellow  Color = "33"
	Cyan    Color = "36"
	plainly Color = "0"
)

func (p Painted) paint() string {
	if p.Color == "" {
		return Text(p.Text)
	}
	return p.Color.sequence() + Text(p.Text) + plainly.sequence()
}

func (c Color) sequence() string { return "\x1b[" + string(c) + "m" }
