package verdict

import "github.com/gitopsgen/gitopsgen/generator/manifest"

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

// told is the fault as others see it.
func (f fault) told() Fault {
	message := f.text
	if len(f.path) > 0 {
		message = f.path.String() + ": " + f.text
	}
	return Fault{At: f.full(), Named: f.field != "", Message: message, Fix: f.fix}
}
