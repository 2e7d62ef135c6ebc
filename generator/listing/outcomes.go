package listing

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// told are the outcomes that a person wants to know of; the others are what an upgrade is for.
var told = map[upgrade.Kind]bool{
	upgrade.Conflicting: true, upgrade.Merged: true, upgrade.Left: true, upgrade.Deleted: true, upgrade.Restored: true, upgrade.Moved: true, upgrade.Adopted: true,
}

// WriteOutcomes tells what became of files that users edited, moved or deleted.
func WriteOutcomes(w io.Writer, outcomes []upgrade.Outcome) error {
	return WriteAllOutcomes(w, slices.DeleteFunc(slices.Clone(outcomes), func(o upgrade.Outcome) bool { return !told[o.Kind] && len(o.Taken) == 0 && o.From == "" }))
}

// WriteAllOutcomes tells what becomes of all files.
func WriteAllOutcomes(w io.Writer, outcomes []upgrade.Outcome) error {
	var b strings.Builder
	for _, o := range outcomes {
		from := ""
		if o.From != "" {
			from = fmt.Sprintf(" (from %s)", o.From)
		}
		escape.Fprintf(&b, "%-9s %s%s\n", o.Kind, o.Path, from)
		for _, d := range o.Open {
			escape.Fprintf(&b, "          %s\n", d)
		}
		for _, t := range o.Taken {
			escape.Fprintf(&b, "          %s: %s, of %s and %s the higher\n", t.Path, t.Took, t.Ours, t.Theirs)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
