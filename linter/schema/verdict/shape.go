package verdict

import (
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// shape is a schema as JSON-shaped values.
type shape struct{ root map[string]any }

// resolve follows the references of a node.
func (s shape) resolve(n map[string]any) map[string]any {
	definitions, _ := s.root["definitions"].(map[string]any)
	for range len(definitions) + 1 { // a schema that somebody wrote may refer to itself
		ref, ok := n["$ref"].(string)
		if !ok {
			return n
		}
		n, _ = definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	}
	return nil
}

// at gives the node that judges the field at path; nil where the schema says nothing of it.
func (s shape) at(path manifest.Path) map[string]any {
	n := s.resolve(s.root)
	for _, step := range path {
		n = s.child(n, step)
	}
	return n
}

// child gives the node one step below n.
func (s shape) child(n map[string]any, step any) map[string]any {
	name, ok := step.(string)
	if !ok {
		items, _ := n["items"].(map[string]any)
		return s.resolve(items)
	}
	properties, _ := n["properties"].(map[string]any)
	if p, ok := properties[name].(map[string]any); ok {
		return s.resolve(p)
	}
	values, _ := n["additionalProperties"].(map[string]any)
	return s.resolve(values)
}

// fields lists the fields that a node names, sorted.
func fields(n map[string]any) []string {
	properties, _ := n["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// nearest gives the candidate that somebody who wrote word may have meant; empty where none is near.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if max(len(word)-len(c), len(c)-len(word)) >= bestDistance {
			continue // a word may be as long as a file
		}
		d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(c))
		if d < bestDistance && d < len(c) {
			best, bestDistance = c, d
		}
	}
	return best
}
