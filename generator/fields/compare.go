// Package fields compares two states of an object, field by field.
//
// It knows what lists mean, what only follows from others, what is secret, and what the API server lets nobody change; it knows
// nothing of where the states come from.
package fields

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Differences are the fields in which two states of an object differ.
type Differences struct {
	// Fields are those that are told; Folded counts those that only follow from others, checksums and version labels, and More
	// those that are too many.
	Fields       []Field
	Folded, More int
}

// Field is a field that differs.
type Field struct {
	// Path is that of the later side, where the field is there.
	Path manifest.Path
	// Within are the names of the list items that it stands in, the outermost first: container, variable.
	Within []string
	// Change is what happened to it. Old and New are nil where they are not there.
	Change   Change
	Old, New any
	// Secret says that Old and New are not told.
	Secret bool
	// Refused says that the API server does not let anybody change the field.
	Refused bool
}

// Change is what happened to a field.
type Change string

// The changes. Reordered is a list with the same items.
const (
	Added     Change = "added"
	Removed   Change = "removed"
	Changed   Change = "changed"
	Reordered Change = "reordered"
)

// Compare gives the fields in which two states of an object differ; now is the object as it is later, of which old and new are
// what is to be compared.
func Compare(now manifest.Resource, old, new map[string]any) Differences {
	w := walker{of: &now}
	w.walk(nil, old, new)
	return w.Differences
}

// absent stands for a value that is not there; nil is a null.
type absent struct{}

// walker goes through two values side by side.
type walker struct {
	Differences
	// of is the object as it is later.
	of *manifest.Resource
	// within are the names of the list items around.
	within []string
}

// walk tells what differs between two values of one field.
func (w *walker) walk(path manifest.Path, old, now any) {
	if reflect.DeepEqual(old, now) {
		return
	}
	oldMap, wasMap := old.(map[string]any)
	newMap, isMap := now.(map[string]any)
	oldList, wasList := old.([]any)
	newList, isList := now.([]any)
	switch {
	case wasMap && isMap:
		keys := maps.Clone(oldMap)
		maps.Copy(keys, newMap)
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			w.walk(path.With(k), member(oldMap, k), member(newMap, k))
		}
	case wasList && isList && !w.keyed(path, oldList, newList):
		w.indexed(path, oldList, newList)
	case wasList && isList:
	default:
		w.tell(path, old, now)
	}
}

func member(object map[string]any, name string) any {
	if v, ok := object[name]; ok {
		return v
	}
	return absent{}
}

// tell tells of a field whose values differ.
func (w *walker) tell(path manifest.Path, old, now any) {
	f := Field{Path: path, Change: Changed, Old: old, New: now}
	if _, ok := old.(absent); ok {
		f.Change, f.Old = Added, nil
	}
	if _, ok := now.(absent); ok {
		f.Change, f.New = Removed, nil
	}
	w.add(f)
}

// add adds a field, unless it only follows from others. Of too many it only counts.
func (w *walker) add(f Field) {
	f.Refused = refused(w.of, f)
	switch {
	case !f.Refused && follows(f):
		w.Folded++
		return
	case len(w.Fields) == maxFields && !f.Refused:
		w.More++
		return
	}
	if f.Secret = isSecretField(w.of.ID.Kind, f); f.Secret {
		f.Old, f.New = nil, nil
	}
	f.Within = slices.Clone(w.within)
	w.Fields = append(w.Fields, f)
}

// maxFields bounds how many fields of an object are told. A new version of a large definition has a tenth.
const maxFields = 10_000

// mergeKeys are the fields by which the items of a list are known, by the list's name, where it is not their name alone: the
// first that tells all items apart.
var mergeKeys = map[string][]string{
	"ports":                {"name", "containerPort", "port"},
	"volumeMounts":         {"mountPath"},
	"volumeDevices":        {"devicePath"},
	"volumeClaimTemplates": {"metadata.name"},
	"hostAliases":          {"ip"},
	"rules":                {"name", "alert", "record"},
}

// keyed compares two lists of things that have names, item by item; ok is false where they have none.
func (w *walker) keyed(path manifest.Path, old, now []any) (ok bool) {
	list, _ := path[len(path)-1].(string)
	by := mergeKeys[list]
	if by == nil {
		by = []string{"name"}
	}
	for _, key := range by {
		before, was := byName(old, key)
		after, is := byName(now, key)
		if was && is {
			w.items(path, before, after)
			return true
		}
	}
	return false
}

// named are the items of a list by what they are called.
type named struct {
	list []any
	// names are in the order of the list, places are by them.
	names  []string
	places map[string]int
}

// byName names the items of a list by a field of theirs; ok is false where not each has a name of its own.
func byName(list []any, key string) (n named, ok bool) {
	n = named{list: list, places: make(map[string]int, len(list))}
	for i, item := range list {
		name := manifest.Dig(item, steps(key)...)
		switch name.(type) {
		case string, int64, float64, int:
		default:
			return n, false
		}
		text := fmt.Sprint(name)
		if _, twice := n.places[text]; twice {
			return n, false
		}
		n.names, n.places[text] = append(n.names, text), i
	}
	return n, true
}

func steps(key string) []any {
	var path []any
	for _, step := range strings.Split(key, ".") {
		path = append(path, step)
	}
	return path
}

// items compares the items of two lists by their names.
func (w *walker) items(path manifest.Path, old, now named) {
	in := func(name string, at int, before, after any) {
		w.within = append(w.within, name)
		w.walk(path.With(at), before, after)
		w.within = w.within[:len(w.within)-1]
	}
	for i, name := range old.names {
		if _, stays := now.places[name]; !stays {
			in(name, i, old.list[i], absent{})
		}
	}
	last, moved := -1, false
	for i, name := range now.names {
		at, was := old.places[name]
		if !was {
			in(name, i, absent{}, now.list[i])
			continue
		}
		in(name, i, old.list[at], now.list[i])
		last, moved = at, moved || at < last
	}
	if moved {
		w.add(Field{Path: path, Change: Reordered})
	}
}

// indexed compares lists of things without names: what begins and what ends both is left out, the rest is compared in order.
func (w *walker) indexed(path manifest.Path, old, now []any) {
	begin := 0
	for begin < min(len(old), len(now)) && reflect.DeepEqual(old[begin], now[begin]) {
		begin++
	}
	end := 0
	for end < min(len(old), len(now))-begin && reflect.DeepEqual(old[len(old)-1-end], now[len(now)-1-end]) {
		end++
	}
	for i := begin; i < max(len(old), len(now))-end; i++ {
		var before, after any = absent{}, absent{}
		if i < len(old)-end {
			before = old[i]
		}
		if i < len(now)-end {
			after = now[i]
		}
		w.walk(path.With(i), before, after)
	}
}
