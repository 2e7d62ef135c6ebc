package listing

import (
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Vendoring tells what became of the charts in a repository.
func Vendoring(w io.Writer, v supply.Vendoring) error {
	var b strings.Builder
	for _, line := range v.Lines {
		escape.Fprintf(&b, "%s\n", line)
	}
	if v.Others > 0 {
		fmt.Fprintf(&b, "note: %s not vendored: what Applications name and charts depend on Argo CD fetches itself\n", wording.Count(v.Others, "chart"))
	}
	state := "; commit what changed"
	if len(v.Changes) == 0 {
		state = "; nothing changed"
	}
	fmt.Fprintf(&b, "%s in the repository%s\n", wording.Count(len(v.Needed), "chart"), state)
	_, err := io.WriteString(w, b.String())
	return err
}

// Vendored tells which of the charts that a repository needs are not in it as its lock has them.
func Vendored(w io.Writer, wrong []string, needed int) error {
	if len(wrong) == 0 {
		_, err := fmt.Fprintf(w, "%s in the repository, as the lock has them\n", wording.Count(needed, "chart"))
		return err
	}
	for _, line := range append(wrong, "run gitopsgen vendor") {
		if _, err := escape.Fprintf(w, "%s\n", line); err != nil {
			return err
		}
	}
	return nil
}
