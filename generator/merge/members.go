package merge

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// members are the entries of a collection, and what becomes of them.
type members struct {
	parent   three
	entries  []member
	arriving []arrival
}

// member is an entry that Have has.
type member struct {
	three
	value any
	gone  bool
}

// arrival is an entry that comes in behind another one; first says that there is none.
type arrival struct {
	*entry
	behind string
	first  bool
}

// value is what the collection is afterwards.
func (m members) value() any {
	var order []string
	values := map[string]any{}
	for _, a := range m.arriving {
		if a.first {
			order = append(order, a.name)
		}
		values[a.name] = a.entry.value.value
	}
	behind := map[string][]string{}
	for _, a := range m.arriving {
		if !a.first {
			behind[a.behind] = append(behind[a.behind], a.name)
		}
	}
	for _, e := range m.entries {
		if !e.gone {
			values[e.have.name] = e.value
			order = append(order, e.have.name)
		}
		order = append(order, behind[e.have.name]...)
	}
	if m.parent.have.value.shape == mapping {
		return values
	}
	list := make([]any, len(order))
	for i, name := range order {
		list[i] = values[name]
	}
	return list
}

// keeps lists the entries that stay.
func (m members) keeps() []member {
	return slices.DeleteFunc(slices.Clone(m.entries), func(e member) bool { return e.gone })
}

// write cuts into Have what becomes of a collection's entries, and gives the reason where it cannot.
func (j *join) write(m members) Reason {
	h := m.parent.have.value
	keeps := m.keeps()
	switch {
	case len(keeps) == len(m.entries) && len(m.arriving) == 0:
	case h.shape == stream:
		j.writeStream(m)
	case len(keeps) == 0:
		return j.refill(m)
	case m.entries[0].have.flow:
		return j.writeFlow(m)
	default:
		return j.writeBlock(m, keeps)
	}
	return ""
}

// refill writes a collection of which nothing stays.
func (j *join) refill(m members) Reason {
	e := m.parent
	switch {
	case e.have.value.linked:
		return Linked
	case len(m.arriving) > 0 && len(m.arriving) == len(e.want.value.entries):
		return j.replace(e)
	case len(m.arriving) > 0 && !e.have.flow:
		indent := max(e.have.indent, e.have.indent+m.arriving[0].indent-e.want.indent)
		if m.arriving[0].flow {
			indent = e.have.indent + 2
		}
		text := ""
		for _, a := range m.arriving {
			text += j.want.fragment(a.entry, indent)
		}
		return j.behind(e, "\n"+strings.TrimSuffix(text, "\n"))
	}
	var inside []string
	for _, a := range m.arriving {
		inside = append(inside, a.between())
	}
	text := "[" + strings.Join(inside, ", ") + "]"
	if e.have.value.shape == mapping {
		text = "{" + text[1:len(text)-1] + "}"
	}
	if e.have.flow {
		return j.between(e, text)
	}
	return j.behind(e, " "+text)
}

// between writes an entry as it stands between brackets.
func (e *entry) between() string {
	flow := entry{name: e.name, item: e.item, flow: true}
	return flow.plain(splice.InFlow(e.value.yaml))
}

// writeFlow writes a collection with brackets of which something stays.
func (j *join) writeFlow(m members) Reason {
	for i := 0; i < len(m.entries); i++ {
		if !m.entries[i].gone {
			continue
		}
		first := i
		for i < len(m.entries) && m.entries[i].gone {
			i++
		}
		region := [2]int{m.entries[first].have.at}
		if i < len(m.entries) {
			region[1] = m.entries[i].have.at
		} else {
			region = [2]int{m.entries[first-1].have.value.end, m.entries[i-1].have.value.end}
		}
		if !j.covered(region, j.base.span(m.parent.base)) {
			return Commented
		}
		j.cut(region[0], region[1], "")
	}
	have := byName(m.parent.have.value)
	for _, a := range m.arriving {
		if a.first {
			at := m.entries[0].have.at
			j.cut(at, at, a.between()+", ")
			continue
		}
		at := have[a.behind].value.end
		j.cut(at, at, ", "+a.between())
	}
	return ""
}

// writeBlock writes a collection on lines of which something stays.
func (j *join) writeBlock(m members, keeps []member) Reason {
	first := m.entries[0]
	for i, e := range m.entries {
		switch {
		case !e.gone:
		case first.have.lines:
			j.remove(e.three)
		case i == 0: // the first key behind a dash
			region := [2]int{first.have.at, keeps[0].have.at}
			if !j.covered(region, j.base.span(m.parent.base)) {
				return Commented
			}
			j.cut(region[0], region[1], "")
		case e.have.at > keeps[0].have.at:
			j.remove(e.three)
		}
	}
	have := byName(m.parent.have.value)
	for _, a := range m.arriving {
		at := first.have.head
		switch {
		case !a.first:
			at = have[a.behind].next
		case first.have.lines:
		case m.parent.have.value.shape == list:
			return Unproved
		default:
			at = keeps[0].have.next
		}
		j.insert(at, j.want.fragment(a.entry, first.have.indent))
	}
	return ""
}

// writeStream writes a file of documents.
func (j *join) writeStream(m members) {
	have, text := byName(m.parent.have.value), j.have.String
	leads := !strings.HasPrefix(text, "---")
	for i, e := range m.entries {
		if leads = leads && e.gone; !e.gone {
			continue
		}
		next := e.have.next
		if separator := text[next:j.have.after(next)]; leads && i+1 < len(m.entries) && strings.TrimSpace(separator) == "---" {
			next += len(separator) // it would have nothing before it
		}
		j.cut(e.have.head, next, "")
	}
	for i, a := range m.arriving {
		lines := j.want.fragment(a.entry, root)
		separated := "---\n" + lines
		if strings.HasPrefix(lines, "---") {
			separated = lines
		}
		switch {
		case !a.first:
			j.insert(have[a.behind].next, separated)
		case len(m.entries) == 0 && i == 0:
			j.insert(len(text), lines)
		case len(m.entries) == 0:
			j.insert(len(text), separated)
		case strings.HasPrefix(text, "---"):
			j.insert(0, separated)
		default:
			j.insert(0, lines+"---\n")
		}
	}
}

// place is where the line of an entry would begin that comes in behind another one, or at the beginning of its collection.
func (j *join) place(behind, parent *entry) int {
	switch {
	case behind != nil && behind.lines:
		return behind.next
	case len(parent.value.entries) > 0 && parent.value.entries[0].lines:
		return parent.value.entries[0].head
	}
	return j.have.after(parent.value.end)
}
