package schema

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// fault is what is wrong with one field of an object.
type fault struct {
	// path leads to the value at fault. Its steps are strings and ints.
	path []any
	// field is the field of that value which the text names, one too many or one too few; may be empty.
	field string
	// text says what is wrong, without the path.
	text string
	// meant is the field that was meant instead; may be empty.
	meant string
	// fix says what to do; may be empty.
	fix string
}

func (f fault) full() []any {
	if f.field == "" {
		return f.path
	}
	return append(append([]any{}, f.path...), f.field)
}

// detail names the field as people write it.
func (f fault) detail() string { return pathString(f.full()) }

func (f fault) finding(r *manifest.Resource) linter.Finding {
	message := f.text
	if len(f.path) > 0 {
		message = pathString(f.path) + ": " + f.text
	}
	return linter.Finding{
		Rule:     invalid,
		Message:  message,
		Place:    f.place(r),
		Resource: r,
		At:       f.full(),
		Detail:   f.detail(),
		Fix:      f.fix,
	}
}

// place gives the place of the field's name where the text names one, else that of the value.
func (f fault) place(r *manifest.Resource) manifest.Place {
	if f.field == "" || r.Origin.Node == nil {
		return r.Place(f.path...)
	}
	n := manifest.FindKey(r.Origin.Node, f.full()...)
	return manifest.Place{File: r.Origin.Place.File, Line: n.Line, Column: n.Column}
}

var plainStep = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// pathString writes a path as spec.containers[0].image; names with other characters are quoted:
// metadata.labels["app.kubernetes.io/name"].
func pathString(path []any) string {
	var s strings.Builder
	for _, step := range path {
		name, ok := step.(string)
		switch {
		case !ok:
			fmt.Fprintf(&s, "[%d]", step)
		case !plainStep.MatchString(name):
			fmt.Fprintf(&s, "[%q]", name)
		case s.Len() > 0:
			s.WriteString("." + name)
		default:
			s.WriteString(name)
		}
	}
	return s.String()
}
