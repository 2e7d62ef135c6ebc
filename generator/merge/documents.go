package merge

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// nameDocuments names documents by what object they are, or by their place where they are none, and reports whether that tells them
// apart. An object that a side gave another name, group or namespace is the one that it was.
func nameDocuments(states [3]*node) bool {
	most, identified, even := 0, true, true
	for _, n := range states {
		most = max(most, len(n.entries))
		even = even && len(n.entries) == len(states[0].entries)
		seen := map[string]bool{}
		for _, e := range n.entries {
			id := idOf(e)
			e.name = strings.Join([]string{id.Group, id.Kind, id.Namespace, id.Name}, "\n")
			identified = identified && id.Kind != "" && !seen[e.name]
			seen[e.name] = true
		}
	}
	switch {
	case most > 1 && identified:
		have, want := byName(states[1]), byName(states[2])
		rename(states[0], states[1], want)
		rename(states[0], states[2], have)
		return true
	case most > 1 && !even:
		return false
	}
	numbered(states)
	return true
}

func idOf(document *entry) manifest.ID {
	object, _ := document.value.value.(map[string]any)
	return manifest.NewID(object)
}

// rename gives the documents of a side that Base does not have the names of those that they were: of the same kind and name, or of
// the same kind at the same place among as many. What the other side has beside what it was is new.
func rename(base, side *node, other map[string]*entry) {
	was, is := byName(base), byName(side)
	renamed := func(b, e *entry) bool { return was[e.name] == nil && (other[e.name] == nil || other[b.name] == nil) }
	gone := map[string]*entry{}
	for i, b := range base.entries {
		if is[b.name] != nil {
			continue
		}
		id := idOf(b)
		gone[id.Kind+"\n"+id.Name] = b
		if len(base.entries) == len(side.entries) && renamed(b, side.entries[i]) && idOf(side.entries[i]).Kind == id.Kind {
			side.entries[i].name = b.name
			delete(gone, id.Kind+"\n"+id.Name)
		}
	}
	for _, e := range side.entries {
		id := idOf(e)
		if b := gone[id.Kind+"\n"+id.Name]; b != nil && renamed(b, e) {
			e.name = b.name
			delete(gone, id.Kind+"\n"+id.Name)
		}
	}
}
