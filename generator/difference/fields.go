package difference

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// absent stands for a value that is not there; nil is a null.
type absent struct{}

// walker goes through two values side by side.
type walker struct {
	from, to *manifest.Resource
	// within are the names of the list items around.
	within []string
	fields []Field
	folded int
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

// tell adds a field whose values differ.
func (w *walker) tell(path manifest.Path, old, now any) {
	f := Field{Path: path, Within: slices.Clone(w.within), Change: Changed, Old: old, New: now}
	if _, ok := old.(absent); ok {
		f.Change, f.Old = Added, nil
	}
	if _, ok := now.(absent); ok {
		f.Change, f.New = Removed, nil
	}
	f.Refused = refused(w.to, f)
	if !f.Refused && follows(f) {
		w.folded++
		return
	}
	if f.Secret = isSecretField(w.to.ID.Kind, f); f.Secret {
		f.Old, f.New = nil, nil
	}
	w.fields = append(w.fields, f)
}

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
		oldNames, newNames := names(old, key), names(now, key)
		if oldNames == nil || newNames == nil {
			continue
		}
		w.items(path, items{oldNames, old}, items{newNames, now})
		return true
	}
	return false
}

// names are what the items of a list are called, nil where not each has a name of its own. An empty list has no names, but
// could have any.
func names(list []any, key string) []string {
	found := []string{}
	for _, item := range list {
		name := manifest.Dig(item, steps(key)...)
		switch name.(type) {
		case string, int64, float64, int:
		default:
			return nil
		}
		if text := fmt.Sprint(name); slices.Contains(found, text) {
			return nil
		} else {
			found = append(found, text)
		}
	}
	return found
}

func steps(key string) []any {
	var path []any
	for _, step := range strings.Split(key, ".") {
		path = append(path, step)
	}
	return path
}

// items are those of a list, with their names.
type items struct {
	names []string
	list  []any
}

// items compares the items of two lists by their names.
func (w *walker) items(path manifest.Path, old, now items) {
	in := func(name string, at int, before, after any) {
		w.within = append(w.within, name)
		w.walk(path.With(at), before, after)
		w.within = w.within[:len(w.within)-1]
	}
	for i, name := range old.names {
		if !slices.Contains(now.names, name) {
			in(name, i, old.list[i], absent{})
		}
	}
	for i, name := range now.names {
		var before any = absent{}
		if at := slices.Index(old.names, name); at >= 0 {
			before = old.list[at]
		}
		in(name, i, before, now.list[i])
	}
	if !slices.Equal(common(old.names, now.names), common(now.names, old.names)) {
		f := Field{Path: path, Within: slices.Clone(w.within), Change: Reordered}
		f.Refused = refused(w.to, f)
		w.fields = append(w.fields, f)
	}
}

// common gives the texts of all that are among others.
func common(all, others []string) []string { return without(all, without(all, others)) }

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
