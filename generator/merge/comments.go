package merge

import (
	"slices"
	"strings"
)

// comment brings in what Want changes of the comments at an entry, where those in Have are as they are in Base. Comments are never
// in the way of anything: those of the user's stay.
func (j *join) comment(e three) {
	if e.base == nil || e.base.indent == root {
		return
	}
	if e.base.lines && e.have.lines && e.want.lines {
		j.above(e)
	}
	if j.base.tailed(e.base) && j.have.tailed(e.have) && j.want.tailed(e.want) {
		j.beside(e)
	}
}

// above brings in the comments above an entry.
func (j *join) above(e three) {
	h := j.have.lineOf(e.have.at)
	ours := j.have.within(e.have.head, h)
	theirs := j.want.within(e.want.head, j.want.lineOf(e.want.at))
	base := texts(j.base.within(e.base.head, j.base.lineOf(e.base.at)))
	if !slices.Equal(base, texts(ours)) || slices.Equal(base, texts(theirs)) {
		return
	}
	start := h
	if len(ours) > 0 {
		start = j.have.lineOf(ours[0].start)
	}
	text := ""
	if len(theirs) > 0 {
		for line := range strings.Lines(j.want.String[j.want.lineOf(theirs[0].start):j.want.lineOf(e.want.at)]) {
			if line = strings.TrimSpace(line); line != "" {
				line = strings.Repeat(" ", e.have.indent) + line
			}
			text += line + "\n"
		}
	}
	j.result.cuts = append(j.result.cuts, cut{start: start, end: h, text: text, rank: comments})
}

// tailed reports whether an entry is one line, whose end may be a comment.
func (s *source) tailed(e *entry) bool {
	return !e.flow && s.short(e.value)
}

// beside brings in the comment at the end of an entry's line.
func (j *join) beside(e three) {
	base, ours, theirs := j.base.tail(e.base), j.have.tail(e.have), j.want.tail(e.want)
	if strings.TrimSpace(base) == strings.TrimSpace(ours) && strings.TrimSpace(base) != strings.TrimSpace(theirs) {
		j.cut(e.have.value.end, j.have.eol(e.have.value.end), theirs)
	}
}

// tail is what stands behind a value on its line.
func (s *source) tail(e *entry) string {
	return s.String[e.value.end:s.eol(e.value.end)]
}

func texts(comments []comment) []string {
	var texts []string
	for _, c := range comments {
		texts = append(texts, c.text)
	}
	return texts
}

// headings leaves to the file the lines above the first entry of a document with which both Base and Want begin: they are about
// more than that entry.
func (j *join) headings(e three) {
	sources := [3]*source{j.base, j.have, j.want}
	var first [3]*entry
	var lines [3][]string
	for i, document := range []*entry{e.base, e.have, e.want} {
		if document == nil || len(document.value.entries) == 0 || !document.value.entries[0].lines {
			return
		}
		first[i] = document.value.entries[0]
		text := sources[i].String[first[i].head:sources[i].lineOf(first[i].at)]
		lines[i] = slices.Collect(strings.Lines(text))
	}
	heading := lines[0][:alike(lines[0], lines[2])]
	for i := range first {
		for _, line := range lines[i][:alike(lines[i], heading)] {
			first[i].head += len(line)
		}
	}
}

// alike counts the lines with which two texts begin alike.
func alike(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && strings.TrimSpace(a[n]) == strings.TrimSpace(b[n]) {
		n++
	}
	return n
}
