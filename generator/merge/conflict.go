package merge

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// conflict notes that a place stays as it is in Have, and gives what that is.
func (j *join) conflict(at manifest.Path, e three, reason Reason) any {
	h := e.have
	start, end := j.have.lineOf(h.at), j.have.after(h.value.end)
	j.note(Conflict{Document: j.document, Path: at, Reason: reason}, e, [2]int{start, end})
	return h.value.value
}

// missing notes that a place that Have does not have stays away; begins is where its line would begin.
func (j *join) missing(at manifest.Path, e three, begins int) {
	j.note(Conflict{Document: j.document, Path: at, Reason: BothChanged}, e, [2]int{begins, begins})
}

// note fills in the sides of a conflict over lines of Have.
func (j *join) note(c Conflict, e three, lines [2]int) {
	c.Base, c.Ours, c.Theirs = side(e.base), side(e.have), side(e.want)
	c.First, c.Last = j.have.LineAt(lines[0]), j.have.LineAt(max(lines[0], lines[1]-1))
	if lines[0] == lines[1] {
		c.Last = c.First - 1
	}
	indent := 0
	for _, state := range []*entry{e.base, e.want, e.have} {
		if state != nil {
			indent = state.indent
		}
	}
	j.result.Conflicts = append(j.result.Conflicts, c)
	j.result.marks = append(j.result.marks, mark(lines[0], lines[1], j.base.fragment(e.base, indent), j.want.fragment(e.want, indent))...)
}

func side(e *entry) Side {
	if e == nil {
		return Side{}
	}
	return Side{There: true, Value: e.value.value}
}

// whole is the result where the merged text does not say what it should.
func whole(f Files, o Options) Result {
	have := string(f.Have)
	c := Conflict{Reason: Unproved, First: 1, Last: countLines(have)}
	for side, data := range map[*Side][]byte{&c.Base: f.Base, &c.Ours: f.Have, &c.Theirs: f.Want} {
		*side = Side{There: true, Value: string(data)}
	}
	if o.theirs(c) {
		return Result{Text: f.Want, have: string(f.Want)}
	}
	return Result{Text: f.Have, Conflicts: []Conflict{c}, have: have, marks: mark(0, len(have), wholeLines(string(f.Base)), wholeLines(string(f.Want)))}
}

// theirs reports whether a conflict was decided for what gitopsgen would write.
func (o Options) theirs(c Conflict) bool { return o.Theirs != nil && o.Theirs(c) }
