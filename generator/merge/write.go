package merge

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// cut notes a cut of Have.
func (j *join) cut(start, end int, text string) {
	j.result.cuts = append(j.result.cuts, cut{start: start, end: end, text: text})
}

// insert notes lines that come in where a line begins.
func (j *join) insert(at int, text string) {
	j.result.cuts = append(j.result.cuts, cut{start: at, end: at, text: text, line: true})
}

// replace puts the value of Want in place of the one in Have.
func (j *join) replace(e three) Reason {
	h, w := e.have.value, e.want.value
	switch {
	case h.linked || w.linked:
		return Linked
	case e.have.flow:
		return j.between(e, splice.InFlow(w.yaml))
	case j.have.short(h) && j.want.short(w) && !e.want.flow:
		j.cut(h.start, h.end, j.want.String[w.start:w.end])
		return ""
	case e.want.flow:
		return j.behind(e, " "+splice.Inline(w.yaml))
	}
	tail := j.want.String[e.want.behind:j.want.eol(w.end)]
	if first, rest, more := strings.Cut(tail, "\n"); more {
		tail = first + "\n" + shift(rest, e.have.indent-e.want.indent)
	}
	return j.behind(e, tail)
}

// short reports whether a value stands on a line with what it belongs to.
func (s *source) short(n *node) bool {
	text := s.String[n.start:n.end]
	block := n.yaml.Kind != yaml.ScalarNode && !splice.IsFlow(n.yaml) || n.yaml.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	return text != "" && !block && !strings.ContainsAny(text, "\r\n")
}

// between puts text in place of a value that stands between brackets.
func (j *join) between(e three, text string) Reason {
	h := e.have.value
	if !j.covered([2]int{h.start, h.end}, j.base.span(e.base)) {
		return Commented
	}
	if h.start > 0 && j.have.String[h.start-1] == ':' {
		text = " " + text
	}
	j.cut(h.start, h.end, text)
	return ""
}

// behind puts text in place of all that stands behind a key or a dash.
func (j *join) behind(e three, text string) Reason {
	end := j.have.eol(e.have.value.end)
	if !j.covered([2]int{e.have.behind, end}, j.base.span(e.base)) {
		return Commented
	}
	if e.have.indent == root {
		text = strings.TrimLeft(text, "\n ")
	}
	j.cut(e.have.behind, end, text)
	return ""
}

// span is where an entry stands, without the comments above it; those above a document are in it.
func (s *source) span(e *entry) [2]int {
	switch {
	case e == nil:
		return [2]int{}
	case e.flow:
		return [2]int{e.at, e.value.end}
	case e.indent == root:
		return [2]int{e.head, e.next}
	}
	return [2]int{e.at, max(s.eol(e.value.end), e.next)}
}

// covered reports whether all comments of a part of Have stand in a part of Base too: they are not the user's.
func (j *join) covered(have, base [2]int) bool {
	return len(j.own(have, base)) == 0
}

// own gives the comments in a part of Have that are not in a part of Base.
func (j *join) own(have, base [2]int) []comment {
	known := map[string]int{}
	for _, c := range j.base.within(base[0], base[1]) {
		known[c.text]++
	}
	var own []comment
	for _, c := range j.have.within(have[0], have[1]) {
		if known[c.text]--; known[c.text] < 0 {
			own = append(own, c)
		}
	}
	return own
}

// removable gives the reason why an entry cannot go, empty where it can.
func (j *join) removable(e three) Reason {
	switch {
	case e.have.value.linked:
		return Linked
	case !j.covered(j.have.span(e.have), j.base.span(e.base)):
		return Commented
	}
	return ""
}

// remove cuts an entry with the comments that Base has above it; those of the user's stay.
func (j *join) remove(e three) {
	h, line := e.have, j.have.lineOf(e.have.at)
	var base [2]int
	if e.base != nil {
		base = [2]int{e.base.head, e.base.at}
	}
	own := j.own([2]int{h.head, line}, base)
	if len(own) == 0 {
		j.cut(h.head, h.next, "")
		return
	}
	for _, c := range j.have.within(h.head, line) {
		if len(own) > 0 && own[0] == c {
			own = own[1:]
			continue
		}
		j.cut(j.have.lineOf(c.start), j.have.after(c.start), "")
	}
	j.cut(line, h.next, "")
}

// fragment gives the lines of an entry, with the comments above it, as they stand at an indent.
func (s *source) fragment(e *entry, indent int) string {
	switch {
	case e == nil:
		return ""
	case e.indent == root:
		return wholeLines(s.String[e.head:e.next])
	case e.flow:
		block := entry{name: e.name, item: e.item}
		return strings.Repeat(" ", indent) + block.plain(splice.Inline(e.value.yaml)) + "\n"
	case e.lines:
		return wholeLines(shift(s.String[e.head:e.next], indent-e.indent))
	}
	return wholeLines(shift(strings.Repeat(" ", e.indent)+s.String[e.at:e.next], indent-e.indent))
}

// plain writes an entry whose value is written already.
func (e *entry) plain(value string) string {
	switch {
	case e.item && e.flow:
		return value
	case e.item:
		return "- " + value
	}
	return splice.Key(e.name) + ": " + value
}
