package manifest

import (
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

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

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

// ParsePath reads what String writes.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		step, length, err := firstStep(rest, len(p) == 0)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		p, rest = append(p, step), rest[length:]
	}
	return p, nil
}

// firstStep reads the first step of a text, and says how long it is there.
func firstStep(text string, begins bool) (step any, length int, err error) {
	inner, bracketed := strings.CutPrefix(text, "[")
	if !bracketed {
		key := strings.TrimPrefix(text, ".")
		if begins == (key != text) {
			return nil, 0, fmt.Errorf("want keys with a dot between them at %q", text)
		}
		if end := strings.IndexAny(key, ".["); end >= 0 {
			key = key[:end]
		}
		if !plainKey.MatchString(key) {
			return nil, 0, fmt.Errorf("want a key at %q", text)
		}
		if !begins {
			return key, len(key) + 1, nil
		}
		return key, len(key), nil
	}
	number, _, closed := strings.Cut(inner, "]")
	if quoted, err := strconv.QuotedPrefix(inner); err == nil {
		key, err := strconv.Unquote(quoted)
		if closed = err == nil && strings.HasPrefix(inner[len(quoted):], "]"); closed {
			return key, len(quoted) + 2, nil
		}
	}
	if i, err := strconv.Atoi(number); closed && err == nil && i >= 0 && strconv.Itoa(i) == number {
		return i, len(number) + 2, nil
	}
	return nil, 0, fmt.Errorf("want a number or a quoted key in brackets at %q", text)
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
