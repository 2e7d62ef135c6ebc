package kustomize

import (
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Object is one of those that a chart renders to. It is shared: nobody may change it.
type Object struct {
	manifest.Resource
	// Blank are its fields without a value, which kustomize takes away where it patches the object: those that say null stay.
	Blank []manifest.Path
}

// blank adds the fields without a value in a node at a path.
func blank(all []manifest.Path, n *yaml.Node, at manifest.Path) []manifest.Path {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			all = blank(all, n.Content[i+1], append(at, n.Content[i].Value))
		}
	case yaml.SequenceNode:
		for i, child := range n.Content {
			all = blank(all, child, append(at, i))
		}
	case yaml.ScalarNode:
		if len(at) > 0 && n.Value == "" && n.ShortTag() == yaml.NodeTagNull {
			all = append(all, slices.Clone(at))
		}
	}
	return all
}

// blanked gives a value with nodes of YAML in place of what has no value there, for yaml.Marshal to leave it so.
func blanked(value any, at manifest.Path) any {
	if len(at) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagNull}
	}
	switch value := value.(type) {
	case map[string]any:
		if key, ok := at[0].(string); ok {
			value = maps.Clone(value)
			value[key] = blanked(value[key], at[1:])
		}
		return value
	case []any:
		if i, ok := index(at[0]); ok && i < len(value) {
			value = slices.Clone(value)
			value[i] = blanked(value[i], at[1:])
		}
		return value
	default:
		return value
	}
}

// index gives a step as a place in a list, be it read again.
func index(step any) (int, bool) {
	switch i := step.(type) {
	case int:
		return i, true
	case int64:
		return int(i), true
	default:
		return 0, false
	}
}
