package merge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// itself is the key of items that are told apart by all that they are.
var itself = []string{""}

// lists are the fields by which items are told apart, by the name of the list, where no schema tells: the first that all items
// have, each with other values. What is not here is changed as a whole.
var lists = map[string][][]string{
	"components":          {itself},
	"containers":          {{"name"}},
	"env":                 {{"name"}},
	"ephemeralContainers": {{"name"}},
	"finalizers":          {itself},
	"helmCharts":          {{"name"}, {"name", "releaseName"}},
	"imagePullSecrets":    {{"name"}},
	"initContainers":      {{"name"}},
	"patches":             {{"target", "path"}},
	"ports":               {{"containerPort", "protocol"}, {"port", "protocol"}},
	"resources":           {itself},
	"syncOptions":         {itself},
	"volumeMounts":        {{"mountPath"}},
	"volumes":             {{"name"}},
	"waivers":             {{"rule", "match"}},
}

// name gives all items of three lists the names that their keys are, and reports whether these tell them apart.
func (j *join) name(at manifest.Path, states [3]*node) bool {
	var field string
	if len(at) > 0 {
		field, _ = at[len(at)-1].(string)
	}
	ways := lists[field]
	if j.options.Keys != nil {
		if keys, ok := j.options.Keys(j.document.APIVersion(), j.document.Kind, at); ok {
			ways = [][]string{keys}
		}
	}
	return slices.ContainsFunc(ways, func(keys []string) bool {
		return len(keys) > 0 && named(states, keys) && steady(states) && !renamed(states)
	})
}

// named names the items of three lists by keys, and reports whether each has one that no other of its list has.
func named(states [3]*node, keys []string) bool {
	for _, n := range states {
		seen := map[string]bool{}
		for _, e := range entriesOf(n) {
			e.name = identity(e.value, keys)
			if e.name == "" || seen[e.name] {
				return false
			}
			seen[e.name] = true
		}
	}
	return true
}

// identity is what tells an item from others; empty where it has none of the keys, or where it is to be no more than a key and is.
func identity(n *node, keys []string) string {
	object, isObject := n.value.(map[string]any)
	if keys[0] == "" {
		if _, isList := n.value.([]any); isObject || isList {
			return ""
		}
		return text(n.value)
	}
	var parts []string
	for _, key := range keys {
		value, ok := object[key]
		if key == "protocol" && !ok && len(parts) > 0 {
			value, ok = "TCP", true // as the API server fills it in
		}
		if ok {
			parts = append(parts, key+"="+text(value))
		}
	}
	if _, ok := object[keys[0]]; !ok && keys[0] != "target" {
		return ""
	}
	return strings.Join(parts, ",")
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	out, _ := json.Marshal(v) // JSON-shaped values always encode
	return string(out)
}

// steady reports whether the items that stay from Base to Want stay in their order, or are in Have in the order of Want: else
// the order is a change too, and the list one value.
func steady(states [3]*node) bool {
	base, have, want := states[0], states[1], states[2]
	return slices.Equal(common(base, want), common(want, base)) || slices.Equal(common(have, want), common(want, have))
}

// renamed reports whether both sides took an item away and brought one that the other does not have: then it may be the same
// item under two new names, and the list is one value.
func renamed(states [3]*node) bool {
	base, have, want := states[0], states[1], states[2]
	in := func(n *node, name string) bool {
		return slices.ContainsFunc(entriesOf(n), func(e *entry) bool { return e.name == name })
	}
	only := func(n, a, b *node) bool {
		return slices.ContainsFunc(entriesOf(n), func(e *entry) bool { return !in(a, e.name) && !in(b, e.name) })
	}
	return only(base, have, want) && only(have, base, want) && only(want, base, have)
}

// common lists the names of a list's items that another has too.
func common(n, other *node) []string {
	there := map[string]bool{}
	for _, e := range entriesOf(other) {
		there[e.name] = true
	}
	var names []string
	for _, e := range entriesOf(n) {
		if there[e.name] {
			names = append(names, e.name)
		}
	}
	return names
}

// numbered names items by their place.
func numbered(states [3]*node) {
	for _, n := range states {
		for i, e := range entriesOf(n) {
			e.name = text(int64(i))
		}
	}
}

// entriesOf gives the entries of a node that may be nil.
func entriesOf(n *node) []*entry {
	if n == nil {
		return nil
	}
	return n.entries
}
