package merge

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/utils/diff"
)

// Lines merges a file line by line. Lines that both sides changed, or that stand side by side and were changed by one side each,
// are a conflict unless both made the same of them. How lines end is left as it is in Have.
func Lines(f Files, o Options) Result {
	if r, ok := same(f); ok {
		return r
	}
	have := string(f.Have)
	base, ours, theirs := lineEnds(string(f.Base), have), wholeLines(have), lineEnds(string(f.Want), have)
	r := Result{have: have}
	r.lines([3][]string{split(base), split(ours), split(theirs)}, o)
	r.Text = []byte(apply(have, r.cuts))
	return r
}

// lineEnds ends lines as another text ends all of its own; the last one of a text that is not empty has an end.
func lineEnds(text, as string) string {
	text = wholeLines(text)
	switch crlf := strings.Count(as, "\r\n"); {
	case crlf == 0:
		return strings.ReplaceAll(text, "\r\n", "\n")
	case crlf == strings.Count(as, "\n"):
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	return text
}

func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	return lines[:len(lines)-1] // it ends with a line end
}

func countLines(text string) int {
	return strings.Count(wholeLines(text), "\n")
}

// change says that the lines from start to end of one text are those from to to until of another.
type change struct{ start, end, to, until int }

// maxLines bounds the lines that are compared: where two texts have more between their first and last change, that is one change.
const maxLines = 50_000

// changes lead from a text to another one, line by line.
func changes(from, to []string) []change {
	first := 0
	for first < min(len(from), len(to)) && from[first] == to[first] {
		first++
	}
	last := 0
	for last < min(len(from), len(to))-first && from[len(from)-1-last] == to[len(to)-1-last] {
		last++
	}
	from, to = from[first:len(from)-last], to[first:len(to)-last]
	if len(from)+len(to) > maxLines {
		return []change{{first, first + len(from), first, first + len(to)}}
	}
	var found []change
	at := change{first, first, first, first}
	for _, d := range diff.Do(strings.Join(from, ""), strings.Join(to, "")) {
		lines := strings.Count(d.Text, "\n")
		switch {
		case d.Type < 0:
			at.end += lines
		case d.Type > 0:
			at.until += lines
		default:
			found = append(found, at)
			at = change{at.end + lines, at.end + lines, at.until + lines, at.until + lines}
		}
	}
	return slices.DeleteFunc(append(found, at), func(c change) bool { return c.start == c.end && c.to == c.until })
}

// changed are the changes to Base that are still to come on one side, and how many lines it has more than Base until there.
type changed struct {
	changes []change
	more    int
}

// take takes the next change where it touches what ends at a line of Base, and gives where that ends then.
func (c *changed) take(end int) (int, bool) {
	if len(c.changes) == 0 || c.changes[0].start > end {
		return end, false
	}
	next := c.changes[0]
	c.changes, c.more = c.changes[1:], next.until-next.end
	return max(end, next.end), true
}

// lines merges Base, Have and Want: changes that touch each other are judged together.
func (r *Result) lines(states [3][]string, o Options) {
	base, have, want := states[0], states[1], states[2]
	offsets := make([]int, len(have)+1)
	for i, line := range have {
		offsets[i+1] = min(offsets[i]+len(line), len(r.have))
	}
	ours, theirs := changed{changes: changes(base, have)}, changed{changes: changes(base, want)}
	for {
		var starts []int
		for _, side := range []changed{ours, theirs} {
			if len(side.changes) > 0 {
				starts = append(starts, side.changes[0].start)
			}
		}
		if len(starts) == 0 {
			return
		}
		start := slices.Min(starts)
		before := [2]int{start + ours.more, start + theirs.more}
		end, grows := start, true
		for grows {
			var both bool
			end, grows = ours.take(end)
			end, both = theirs.take(end)
			grows = grows || both
		}
		r.hunk(o, hunk{
			base: strings.Join(base[start:end], ""), have: strings.Join(have[before[0]:end+ours.more], ""), want: strings.Join(want[before[1]:end+theirs.more], ""),
			first: before[0] + 1, last: end + ours.more, start: offsets[before[0]], end: offsets[end+ours.more],
		})
	}
}

// hunk are lines that a side changed: first to last in Have, where they stand from start to end.
type hunk struct {
	base, have, want        string
	first, last, start, end int
}

func (r *Result) hunk(o Options, h hunk) {
	c := Conflict{First: h.first, Last: h.last, Reason: BothChanged, Base: lineSide(h.base), Ours: lineSide(h.have), Theirs: lineSide(h.want)}
	switch {
	case h.have == h.want, h.base == h.want:
	case h.base == h.have, o.theirs(c):
		r.cuts = append(r.cuts, cut{start: h.start, end: h.end, text: h.want, line: true})
	default:
		r.Conflicts = append(r.Conflicts, c)
		r.marks = append(r.marks, mark(h.start, h.end, h.base, h.want)...)
	}
}

func lineSide(text string) Side {
	return Side{There: text != "", Value: text}
}
