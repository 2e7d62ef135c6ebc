package merge

import (
	"cmp"
	"slices"
	"strings"
)

// cut puts text in place of what stands from start to end.
type cut struct {
	start, end int
	text       string
	// line says that the text is lines of their own.
	line bool
	// rank is the order of what is put in at one place.
	rank rank
}

type rank int

// At one place a mark ends, text comes in, then comments on what follows, and the next mark begins.
const (
	closes rank = iota - 1
	comesIn
	comments
	opens
)

// apply makes the cuts; they may come in any order. A missing line end at the end of the text stays missing.
func apply(text string, cuts []cut) string {
	cuts = slices.Clone(cuts)
	slices.SortStableFunc(cuts, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.rank, b.rank), cmp.Compare(min(a.end-a.start, 1), min(b.end-b.start, 1)))
	})
	newline := "\n"
	if strings.Contains(text, "\r\n") {
		newline = "\r\n"
	}
	var out strings.Builder
	at, ends := 0, byte('\n')
	write := func(s string) {
		if s != "" {
			out.WriteString(s)
			ends = s[len(s)-1]
		}
	}
	for _, c := range cuts {
		if c.start < at {
			c.start = at // what two cuts take is gone once; whether the text is right is proved
		}
		write(text[at:c.start])
		if c.line && ends != '\n' {
			write(newline)
		}
		write(strings.ReplaceAll(strings.ReplaceAll(c.text, "\r\n", "\n"), "\n", newline))
		at = max(at, c.end)
	}
	write(text[at:])
	if text != "" && !strings.HasSuffix(text, "\n") {
		return strings.TrimSuffix(out.String(), newline)
	}
	return out.String()
}

// mark sets a conflict apart: ours are the lines from start to end, base and theirs are lines too.
func mark(start, end int, base, theirs string) []cut {
	begins := cut{start: start, end: start, text: "<<<<<<< ours\n", line: true, rank: opens}
	rest := "||||||| base\n" + base + "=======\n" + theirs + ">>>>>>> theirs\n"
	if start == end {
		begins.text += rest
		return []cut{begins}
	}
	return []cut{begins, {start: end, end: end, text: rest, line: true, rank: closes}}
}

// wholeLines ends a text that is not empty with a line end.
func wholeLines(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// shift moves lines by a number of columns, to the left as far as there are spaces.
func shift(text string, by int) string {
	if by == 0 {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		switch {
		case strings.Trim(line, "\r\n") == "":
		case by > 0:
			out.WriteString(strings.Repeat(" ", by))
		default:
			line = line[min(-by, len(line)-len(strings.TrimLeft(line, " "))):]
		}
		out.WriteString(line)
	}
	return out.String()
}
