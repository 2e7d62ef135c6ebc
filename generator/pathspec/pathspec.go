// Package pathspec matches paths as git ls-files does.
package pathspec

import (
	"errors"
	"path"
	"regexp"
	"strings"
)

// Pathspec is a path, all below a folder, or a pattern whose stars and question marks stand for
// slashes, too.
type Pathspec struct {
	// text is the path or folder; empty is all. pattern is nil where it has nothing that stands for something else.
	text    string
	pattern *regexp.Regexp
}

// New reads a pathspec. The error says what is not followed.
func New(text string) (Pathspec, error) {
	if strings.HasPrefix(text, ":") {
		return Pathspec{}, errors.New("pathspecs with magic words are not followed")
	}
	clean := path.Clean(text)
	switch {
	case path.IsAbs(clean), clean == "..", strings.HasPrefix(clean, "../"):
		return Pathspec{}, errors.New("it leads out of the repository")
	case clean == ".":
		return Pathspec{}, nil
	case !strings.ContainsAny(clean, `*?[\`):
		return Pathspec{text: clean}, nil
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for rest := clean; rest != ""; {
		var piece string
		if piece, rest = nextPiece(rest); piece == "" {
			return Pathspec{text: clean}, nil // what is no pattern matches nothing but itself
		}
		b.WriteString(piece)
	}
	b.WriteString(`\z`)
	pattern, err := regexp.Compile(b.String())
	return Pathspec{clean, pattern}, err
}

// nextPiece turns what a pattern begins with into a regular expression; empty where it is a bracket that does not close.
func nextPiece(text string) (piece, rest string) {
	switch text[0] {
	case '*':
		return ".*", strings.TrimLeft(text, "*")
	case '?':
		return ".", text[1:]
	case '\\':
		if len(text) > 1 {
			text = text[1:]
		}
	case '[':
		return bracket(text)
	}
	for i := range text {
		if i > 0 {
			return regexp.QuoteMeta(text[:i]), text[i:]
		}
	}
	return regexp.QuoteMeta(text), ""
}

// bracket turns a set of characters into one of a regular expression.
func bracket(text string) (piece, rest string) {
	inside := text[1:]
	negated := strings.HasPrefix(inside, "!") || strings.HasPrefix(inside, "^")
	if negated {
		inside = inside[1:]
	}
	end := strings.IndexByte(strings.TrimPrefix(inside, "]"), ']')
	if end < 0 {
		return "", ""
	}
	if strings.HasPrefix(inside, "]") {
		end++
	}
	set := strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "^", `\^`).Replace(inside[:end])
	if negated {
		set = "^" + set
	}
	return "[" + set + "]", inside[end+1:]
}

// Matches reports whether a path is one of those that are meant.
func (p Pathspec) Matches(name string) bool {
	return p.text == "" || name == p.text || strings.HasPrefix(name, p.text+"/") || p.pattern != nil && p.pattern.MatchString(name)
}
