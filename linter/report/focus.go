package report

import (
	"cmp"
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// judged is the folder or the file that was asked for, as the reader can find it.
func (r Report) judged() string {
	if r.Focus == "" {
		return cmp.Or(r.Root, ".")
	}
	return r.at(manifest.Place{File: r.Focus}).File
}

// focused says where it was judged, unless that is everywhere, and what is not told because it stands elsewhere.
func (r Report) focused() []Remark {
	if r.Focus == "" {
		return nil
	}
	text, n := r.judged(), 0
	var files []string
	for _, o := range r.Outside {
		n, files = n+o.Findings, append(files, r.at(manifest.Place{File: o.File}).File)
	}
	if n > 0 {
		text += fmt.Sprintf("; not told: %s outside, in what it is made of: %s", wording.Count(n, "finding"), wording.Some(files))
	}
	return []Remark{{"focus", text}}
}
