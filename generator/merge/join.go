package merge

import (
	"fmt"

	"github.com/Masterminds/semver/v3"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// join is the merge of one file: it goes down the three states at once, and notes the cuts that bring Have to what it should say.
type join struct {
	base, have, want *source
	options          Options
	// document is the object that is gone through.
	document manifest.ID
	result   Result
}

// three is one place in three states; where a state does not have it, it is nil there.
type three struct{ base, have, want *entry }

func (e three) nodes() [3]*node {
	var nodes [3]*node
	for i, state := range []*entry{e.base, e.have, e.want} {
		if state != nil {
			nodes[i] = state.value
		}
	}
	return nodes
}

// equal reports whether two states are the same at a place.
func equal(a, b *entry) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.value.id == b.value.id
}

// verdict is what becomes of a place where the states are no collections that are gone through.
type verdict int

const (
	keep verdict = iota
	take
	refuse
)

func (j *join) judge(at manifest.Path, e three) verdict {
	switch {
	case equal(e.have, e.want), equal(e.base, e.want):
		return keep
	case equal(e.base, e.have), j.options.theirs(Conflict{Document: j.document, Path: at, Base: side(e.base), Ours: side(e.have), Theirs: side(e.want)}):
		return take
	case e.base != nil && e.have != nil && e.want != nil:
		return j.newer(at, e)
	}
	return refuse
}

// newer judges the version of a chart, of which the higher one is taken.
func (j *join) newer(at manifest.Path, e three) verdict {
	if len(at) != 3 || at[0] != "helmCharts" || at[2] != "version" {
		return refuse
	}
	ours, errOurs := semver.NewVersion(fmt.Sprint(e.have.value.value))
	theirs, errTheirs := semver.NewVersion(fmt.Sprint(e.want.value.value))
	if errOurs != nil || errTheirs != nil || ours.Equal(theirs) {
		return refuse
	}
	taken := Taken{Document: j.document, Path: at, Ours: ours.Original(), Theirs: theirs.Original(), Took: ours.Original()}
	v := keep
	if theirs.GreaterThan(ours) {
		taken.Took, v = theirs.Original(), take
	}
	j.result.Taken = append(j.result.Taken, taken)
	return v
}

// value merges a value that Have and Want have, and gives what it is afterwards.
func (j *join) value(at manifest.Path, e three) any {
	j.comment(e)
	if j.collections(at, e.nodes()) {
		before := j.result
		v, reason := j.collection(at, e)
		if reason == "" {
			return v
		}
		j.result = before
		return j.conflict(at, e, reason)
	}
	before := j.result
	switch j.judge(at, e) {
	case take:
		reason := j.replace(e)
		if reason == "" {
			return e.want.value.value
		}
		j.result = before
		return j.conflict(at, e, reason)
	case refuse:
		return j.conflict(at, e, BothChanged)
	}
	return e.have.value.value
}

// collections reports whether a place is gone through, and gives items of lists their names.
func (j *join) collections(at manifest.Path, states [3]*node) bool {
	base, have, want := states[0], states[1], states[2]
	if have.shape == leaf || have.shape != want.shape {
		return false
	}
	if base != nil && base.shape != have.shape {
		return base.value == nil && base.yaml.Kind == yaml.ScalarNode && j.named(at, [3]*node{nil, have, want})
	}
	return j.named(at, states)
}

func (j *join) named(at manifest.Path, states [3]*node) bool {
	if states[1].shape != list {
		return true
	}
	if states[0] != nil && states[0].id == states[1].id && states[1].id == states[2].id {
		numbered(states) // for their comments
		return true
	}
	return j.name(at, states)
}

// collection merges what Have and Want have as a collection; a reason says that it cannot be.
func (j *join) collection(at manifest.Path, e three) (any, Reason) {
	states := e.nodes()
	base := map[string]*entry{}
	if states[0] != nil && states[0].shape == states[1].shape {
		base = byName(states[0])
	}
	want := byName(states[2])
	m := members{parent: e}
	for _, h := range states[1].entries {
		child := three{base[h.name], h, want[h.name]}
		below := j.below(at, states[1], h)
		m.entries = append(m.entries, member{three: child})
		last := &m.entries[len(m.entries)-1]
		switch {
		case child.want != nil:
			last.value = j.value(below, child)
		case !j.drops(below, child):
			last.value = h.value.value
		default:
			last.gone = true
		}
	}
	j.arrivals(at, &m, base)
	if reason := j.write(m); reason != "" {
		return nil, reason
	}
	return m.value(), ""
}

// below gives the path of an entry. Documents have none: what they are is noted.
func (j *join) below(at manifest.Path, n *node, e *entry) manifest.Path {
	if n.shape != stream {
		return at.With(e.name)
	}
	j.document = idOf(e)
	return nil
}

// drops reports whether an entry goes that Want does not have; what cannot go is a conflict.
func (j *join) drops(at manifest.Path, e three) bool {
	reason := BothChanged
	switch j.judge(at, e) {
	case keep:
		return false
	case take:
		if reason = j.removable(e); reason == "" {
			return true
		}
	}
	j.conflict(at, e, reason)
	return false
}

// arrivals finds the entries that only Want has and that are to come, each behind the one that it stands behind in Want.
func (j *join) arrivals(at manifest.Path, m *members, base map[string]*entry) {
	states := m.parent.nodes()
	have := byName(states[1])
	behind := ""
	first := true
	for _, w := range states[2].entries {
		if have[w.name] != nil {
			behind, first = w.name, false
			continue
		}
		child := three{base: base[w.name], want: w}
		below := j.below(at, states[2], w)
		switch j.judge(below, child) {
		case refuse:
			j.missing(below, child, j.place(have[behind], m.parent.have))
		case take:
			m.arriving = append(m.arriving, arrival{entry: w, behind: behind, first: first})
		}
	}
}

func byName(n *node) map[string]*entry {
	entries := make(map[string]*entry, len(n.entries))
	for _, e := range n.entries {
		entries[e.name] = e
	}
	return entries
}
