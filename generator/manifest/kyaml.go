package manifest

import (
	"gopkg.in/yaml.v3"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
)

// FromKyaml copies a node of kustomize's YAML library, which is a type of its own, into one of ours.
func FromKyaml(n *kyaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	copied := &yaml.Node{
		Kind: yaml.Kind(n.Kind), Style: yaml.Style(n.Style), Tag: n.Tag, Value: n.Value,
		Alias: FromKyaml(n.Alias), Line: n.Line, Column: n.Column,
	}
	if len(n.Content) > 0 {
		copied.Content = make([]*yaml.Node, len(n.Content))
		for i, child := range n.Content {
			copied.Content[i] = FromKyaml(child)
		}
	}
	return copied
}
