package argocd

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxPattern bounds a pattern; a URL of a repository has a quarter of it.
const maxPattern = 1 << 10

// isDenial reports whether a pattern of a project denies what it names.
func isDenial(pattern string) bool { return strings.HasPrefix(pattern, "!") }

// permits reports whether a pattern of a project takes a text: one that denies takes all that it does not name.
func permits(pattern, text string, separators ...rune) bool {
	if bare, denies := strings.CutPrefix(pattern, "!"); denies {
		return !matches(bare, text, separators...)
	}
	return pattern == "*" || matches(pattern, text, separators...)
}

// matches reports whether a glob of Argo CD names a text: * is any text without a separator, ** any text, ? one character
// that is none, [a-c] and [!abc] one of some characters, {a,b} one of several globs, and \ takes the next as it is. One that
// cannot be read names nothing.
//
// Argo CD's own library takes time without end for some globs, and a repository may be a stranger's: this takes none.
func matches(pattern, text string, separators ...rune) bool {
	if len(pattern) > maxPattern {
		return false
	}
	if !strings.ContainsAny(pattern, `*?[]{}\`) {
		return pattern == text // a project of many clusters names each of them
	}
	other := "."
	if len(separators) > 0 {
		other = "[^" + regexp.QuoteMeta(string(separators)) + "]"
	}
	expression, err := regexp.Compile(`(?s)\A(?:` + translated(pattern, other) + `)\z`)
	return err == nil && expression.MatchString(text)
}

// translated writes a glob as a regular expression, where other is any character but a separator.
func translated(rest, other string) string {
	var out strings.Builder
	depth := 0
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		piece := regexp.QuoteMeta(rest[:size])
		switch {
		case r == '{':
			piece = "(?:"
			depth++
		case r == '}' && depth > 0:
			piece = ")"
			depth--
		case r == ',' && depth > 0:
			piece = "|"
		case r == '?':
			piece = other
		case strings.HasPrefix(rest, "**"):
			piece, size = ".*", 2
		case r == '*':
			piece = other + "*"
		case r == '[':
			piece, size = class(rest)
		case r == '\\' && len(rest) > 1:
			_, next := utf8.DecodeRuneInString(rest[1:])
			size += next
			piece = regexp.QuoteMeta(rest[1:size])
		case r == '\\':
			piece = ""
		}
		out.WriteString(piece)
		rest = rest[size:]
	}
	return out.String() + strings.Repeat(")", depth) // as Argo CD reads what is not closed
}

// classes are what stands in brackets: one range, or some characters.
var classes = regexp.MustCompile(`^\[(!?)(?:(.)-(.)|((?:[^\]\\]|\\.)+))\]`)

// class writes what stands in brackets at the beginning of a glob as a regular expression, and says how long it is there.
func class(glob string) (expression string, size int) {
	m := classes.FindStringSubmatch(glob)
	if m == nil {
		return "[", len(glob) // which no expression may be
	}
	not := strings.Replace(m[1], "!", "^", 1)
	if m[4] == "" {
		return "[" + not + quoted(m[2]) + "-" + quoted(m[3]) + "]", len(m[0])
	}
	var out strings.Builder
	escaped := false
	for _, r := range m[4] {
		if escaped = r == '\\' && !escaped; !escaped {
			out.WriteString(quoted(string(r)))
		}
	}
	return "[" + not + out.String() + "]", len(m[0])
}

// quoted is a character as a class of a regular expression has it.
func quoted(character string) string {
	if strings.ContainsAny(character, `^-[]\&~`) {
		return `\` + character
	}
	return character
}
