package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Path names a field of an object: its steps are strings, which are keys, and ints, which are places in lists. None is the
// object as a whole. Who extends a path uses With: what is handed on may be shared.
type Path []any

// With gives the path that goes on by steps. It shares nothing with p.
func (p Path) With(steps ...any) Path {
	return append(append(make(Path, 0, len(p)+len(steps)), p...), steps...)
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_/-]+$`)

// String writes the path as people do, spec.containers[0].image; keys with other characters are quoted:
// metadata.labels["app.kubernetes.io/name"]. ParsePath reads it back.
func (p Path) String() string {
	var s strings.Builder
	for _, step := range p {
		key, ok := step.(string)
		switch {
		case !ok:
			fmt.Fprintf(&s, "[%d]", step)
		case !plainKey.MatchString(key):
			fmt.Fprintf(&s, "[%q]", key)
		case s.Len() > 0:
			s.WriteString("." + key)
		default:
			s.WriteString(key)
		}
	}
	return s.String()
}

// ParsePath reads what String writes; a key may have any characters, and a backslash takes a dot or a bracket into it.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		var step any
		var err error
		if strings.HasPrefix(rest, "[") {
			step, rest, err = bracketed(rest)
		} else {
			step, rest, err = plain(rest)
		}
		if err == nil && rest == "." {
			err = errEmptyName
		}
		if err != nil {
			return nil, err
		}
		p, rest = append(p, step), strings.TrimPrefix(rest, ".")
	}
	return p, nil
}

var errEmptyName = errors.New("a name in the key is empty")

// plain reads a key that a path begins with, up to the next dot or bracket.
func plain(text string) (key, rest string, err error) {
	var b strings.Builder
	i := 0
	for ; i < len(text) && text[i] != '.' && text[i] != '['; i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	if b.Len() == 0 {
		return "", "", errEmptyName
	}
	return b.String(), text[i:], nil
}

// bracketed reads a number or a quoted key in brackets that a path begins with.
func bracketed(text string) (step any, rest string, err error) {
	inside, rest, closed := strings.Cut(text[1:], "]")
	if quoted, err := strconv.QuotedPrefix(text[1:]); err == nil {
		inside = quoted
		rest, closed = strings.CutPrefix(text[1+len(quoted):], "]")
	}
	i, err := strconv.ParseUint(inside, 10, 31)
	if step = int(i); err != nil {
		step, err = strconv.Unquote(inside)
	}
	switch {
	case err != nil || !closed:
		return nil, "", errors.New("want a number in brackets, such as clusters[0], or a name in quotes")
	case rest != "" && rest[0] != '.' && rest[0] != '[':
		return nil, "", fmt.Errorf("unexpected %q behind the brackets", rest)
	}
	return step, rest, nil
}

// pointerEscapes are how a JSON pointer writes the characters that mean something in it.
var pointerEscapes, pointerUnescapes = strings.NewReplacer("~", "~0", "/", "~1"), strings.NewReplacer("~1", "/", "~0", "~")

// Pointer writes the path as a JSON pointer (RFC 6901).
func (p Path) Pointer() string {
	var s strings.Builder
	for _, step := range p {
		s.WriteString("/" + pointerEscapes.Replace(fmt.Sprint(step)))
	}
	return s.String()
}

// PointerPath reads a JSON pointer to a value in v, which decides what is a key and what a place in a list. Where the
// pointer leads out of it, the path ends.
func PointerPath(pointer string, v any) Path {
	var p Path
	steps := strings.Split(pointer, "/")
	for _, step := range steps[1:] {
		step = pointerUnescapes.Replace(step)
		switch at := v.(type) {
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return p
			}
			p, v = append(p, i), at[i]
		case map[string]any:
			p, v = append(p, step), at[step]
		default:
			return p
		}
	}
	return p
}
