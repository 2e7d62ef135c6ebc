package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Node is a schema as JSON-shaped values. It has the keywords of JSON schema, draft 4, and these:
//
//	nullable  null is a value, too
//	keys      the fields by which the items of a list are told apart
//	repeats   items may agree in their keys all the same
//	set       the items of a list are told apart by their value
//	atomic    a list is one value
//	rules     those of x-kubernetes-validations
//	$ref      the node that a line, or a Name, holds stands here
//	$name     the Name of this node
type Node = map[string]any

// Name is the name of a node that contains itself.
type Name string

// rebuild copies n with each schema right below it replaced by what child makes of it. Children are visited in
// order. The keyword is the one that holds the child, name that of the property it describes.
func rebuild(n Node, child func(keyword, name string, n Node) Node) Node {
	out := make(Node, len(n))
	for _, keyword := range slices.Sorted(maps.Keys(n)) {
		value := n[keyword]
		switch keyword {
		case "properties":
			named, _ := value.(Node)
			properties := make(Node, len(named))
			for _, name := range slices.Sorted(maps.Keys(named)) {
				if p, ok := named[name].(Node); ok {
					properties[name] = child(keyword, name, p)
				}
			}
			out[keyword] = properties
		case "items", "additionalProperties", "not":
			if c, ok := value.(Node); ok {
				value = child(keyword, "", c)
			}
			out[keyword] = value
		case "allOf", "anyOf", "oneOf":
			list, _ := value.([]any)
			alternatives := make([]any, 0, len(list))
			for _, x := range list {
				if c, ok := x.(Node); ok {
					alternatives = append(alternatives, child(keyword, "", c))
				}
			}
			out[keyword] = alternatives
		default:
			out[keyword] = value
		}
	}
	return out
}

// trimRoot takes out of a kind's node what is not ours to judge: the status, which controllers write.
func trimRoot(n Node) Node {
	properties, _ := n["properties"].(Node)
	if _, ok := properties["status"]; !ok {
		return n
	}
	n, properties = maps.Clone(n), maps.Clone(properties)
	properties["status"] = Node{"type": "object"}
	n["properties"] = properties
	setList(n, "required", without(n["required"], "status"))
	return n
}

// without gives list without the strings that are not wanted.
func without(list any, unwanted ...string) []any {
	all, _ := list.([]any)
	out := make(map[string]bool, len(unwanted))
	for _, name := range unwanted {
		out[name] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(x any) bool {
		s, ok := x.(string)
		return ok && out[s]
	})
}

// setList sets a keyword whose list must hold something and nothing twice, or takes it away.
func setList(n Node, keyword string, list []any) {
	var unique []any
	seen := map[any]bool{}
	for _, x := range list {
		if key := valueKey(x); !seen[key] {
			seen[key] = true
			unique = append(unique, x)
		}
	}
	if len(unique) == 0 {
		delete(n, keyword)
		return
	}
	n[keyword] = unique
}

// valueKey gives a key that two values share where they are equal.
func valueKey(x any) any {
	switch x.(type) {
	case nil, bool, string, Name, int64, float64, json.Number:
		return x
	}
	type key struct{ value string }
	return key{fmt.Sprintf("%#v", x)} // maps are printed sorted
}
