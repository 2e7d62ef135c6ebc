package splice

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// IsEmpty reports whether n holds nothing, so that it may become a mapping or a list.
func IsEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" || n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && len(n.Content) == 0
}

// IsFlow reports whether n is a collection with brackets.
func IsFlow(n *yaml.Node) bool {
	return n.Style&yaml.FlowStyle != 0 && (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode)
}

// Key writes the key of a mapping.
func Key(name string) string {
	return InFlow(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name})
}

// Inline writes a node on one line.
func Inline(n *yaml.Node) string {
	out, err := yaml.Marshal(flat(n))
	if err != nil {
		panic(err) // flat nodes always encode
	}
	return strings.TrimSuffix(string(out), "\n")
}

// InFlow writes a node on one line, as it stands between brackets.
func InFlow(n *yaml.Node) string {
	text := Inline(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}})
	return text[1 : len(text)-1]
}

// flat copies a node without comments, anchors and line breaks.
func flat(n *yaml.Node) *yaml.Node {
	switch {
	case n.Kind == yaml.AliasNode:
		return flat(n.Alias)
	case n.Kind == yaml.ScalarNode:
		style := n.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
		if strings.Contains(n.Value, "\n") {
			style = yaml.DoubleQuotedStyle
		}
		return &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: style}
	}
	copied := &yaml.Node{Kind: n.Kind, Style: yaml.FlowStyle}
	for _, child := range n.Content {
		copied.Content = append(copied.Content, flat(child))
	}
	return copied
}
