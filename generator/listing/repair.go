package listing

import (
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/repair"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// reasons say how it was found out what gitopsgen wrote.
var reasons = map[repair.How]string{
	repair.Adopted: "nobody knows what was written; it is what would be written now",
	repair.Unknown: "nobody knows what was written, and it is not what would be written now: the next upgrade asks which of both it shall be",
	repair.Deleted: "it is not there, so it counts as deleted; gitopsgen upgrade --restore FILE writes it",
}

// WriteRepaired tells what was found out of each file of which it was not known what gitopsgen wrote.
func WriteRepaired(w io.Writer, r generator.Repaired) error {
	var b strings.Builder
	for _, m := range r.Found {
		reason := reasons[m.How]
		if m.How == repair.Recalled {
			reason = fmt.Sprintf("the commit %.7s has it", m.Commit)
		}
		escape.Fprintf(&b, "%-9s %s: %s\n", m.How, m.Path, reason)
	}
	switch {
	case r.Files == 0:
		b.WriteString("nothing is damaged of what gitopsgen knows of the files that it wrote\n")
	case !r.Written:
		fmt.Fprintf(&b, "%s to write; nothing was written\n", wording.Count(r.Files, "file"))
	case r.Hash != "":
		fmt.Fprintf(&b, "committed %.7s, %s\n", r.Hash, wording.Count(r.Files, "file"))
	default:
		fmt.Fprintf(&b, "written %s, not committed\n", wording.Count(r.Files, "file"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
