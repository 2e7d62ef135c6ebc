package schema

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// fault is what is wrong with one field of an object.
type fault struct {
	// path leads to the value at fault.
	path manifest.Path
	// field is the field of that value which the text names, one too many or one too few, which missing says; may be empty.
	field   string
	missing bool
	// text says what is wrong, without the path.
	text string
	// meant is the field that was meant instead; may be empty.
	meant string
	// fix says what to do; may be empty.
	fix string
}

func (f fault) full() manifest.Path {
	if f.field == "" {
		return f.path
	}
	return f.path.With(f.field)
}

// detail names the field as people write it.
func (f fault) detail() string { return f.full().String() }

// finding is the fault without a place.
func (f fault) finding() linter.Finding {
	message := f.text
	if len(f.path) > 0 {
		message = f.path.String() + ": " + f.text
	}
	return linter.Finding{Rule: invalid, Message: message, At: f.full(), Named: f.field != "", Detail: f.detail(), Fix: f.fix}
}
