package verdict

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
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

// told is the fault as others see it.
func (f fault) told() Fault {
	message := f.text
	if len(f.path) > 0 {
		message = f.path.String() + ": " + f.text
	}
	return Fault{At: f.full(), Named: f.field != "", Message: message, Fix: f.fix}
}

// sorted sorts faults by field. There may be many, so that each field is written once.
func sorted(faults []fault) []fault {
	type named struct {
		fault
		name string
	}
	all := make([]named, len(faults))
	for i, f := range faults {
		all[i] = named{f, f.detail()}
	}
	slices.SortStableFunc(all, func(a, b named) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.text, b.text)) })
	for i, f := range all {
		faults[i] = f.fault
	}
	return faults
}
