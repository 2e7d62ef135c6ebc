package edit

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// insert puts value into text, below at by the steps of rest; put proves the result.
func insert(text string, at spot, rest []any, value *yaml.Node, setting Setting) string {
	s, n, comment := source{splice.New(text)}, at.node, setting.Comment
	indent := strings.Repeat(" ", at.indent+2)
	switch {
	case len(rest) == 0:
		return s.replace(at, inline(value, at))
	case n.Line == 0: // the text holds no value at all
		lines := strings.TrimPrefix(above(comment, ""), "\n") + block(rest, value, "") + "\n"
		if text != "" && !strings.HasSuffix(text, "\n") {
			lines = "\n" + lines
		}
		return s.Cut(len(text), len(text), lines)
	case splice.IsEmpty(n) && at.flow:
		return s.replace(at, splice.InFlow(nested(rest, value)))
	case splice.IsEmpty(n):
		return s.replace(at, "\n"+indent+block(rest, value, indent))
	case splice.IsFlow(n):
		return s.insertFlow(n, rest, value)
	}
	if at.indent >= 0 {
		comment = ""
	}
	indent = strings.Repeat(" ", n.Column-1)
	end := s.BlockEnd(n.Line, n.Column-1, n.Kind)
	if before := manifest.Field(n, setting.After); before != nil && at.indent < 0 {
		_, end = s.span(spot{node: before, indent: n.Column - 1})
		end += strings.IndexAny(s.String[end:]+"\n", "\r\n") // a comment stays with what it stands behind
	}
	return s.Cut(end, end, "\n"+above(comment, indent)+indent+block(rest, value, indent))
}

// inline writes a value on one line, as it stands at a spot.
func inline(value *yaml.Node, at spot) string {
	if at.flow {
		return splice.InFlow(value)
	}
	return splice.Inline(value)
}

// source is the text that is cut.
type source struct{ *splice.Text }

// above is a comment for the line that follows, with an empty line before it.
func above(comment, indent string) string {
	if comment == "" {
		return ""
	}
	return "\n" + indent + "# " + comment + "\n"
}

// block writes value below the steps, line by line; its first line is not indented.
func block(steps []any, value *yaml.Node, indent string) string {
	head, more := "-", " "
	if name, ok := steps[0].(string); ok {
		head, more = splice.Key(name)+":", "\n"+indent+"  "
	}
	if len(steps) == 1 {
		return head + " " + splice.Inline(value)
	}
	return head + more + block(steps[1:], value, indent+"  ")
}

// nested is value below the steps, as a node.
func nested(steps []any, value *yaml.Node) *yaml.Node {
	if len(steps) == 0 {
		return value
	}
	below := nested(steps[1:], value)
	if name, ok := steps[0].(string); ok {
		return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, below}}
	}
	return &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{below}}
}

// replace puts text in place of the value at a spot.
func (s source) replace(at spot, text string) string {
	start, end := s.span(at)
	for start > 0 && s.String[start-1] == ' ' && strings.HasPrefix(text, "\n") {
		start--
	}
	if start > 0 && (s.String[start-1] == ':' || s.String[start-1] == '-') && !strings.HasPrefix(text, "\n") {
		text = " " + text
	}
	return s.Cut(start, end, text)
}

// insertFlow adds to a collection with brackets that is not empty.
func (s source) insertFlow(n *yaml.Node, steps []any, value *yaml.Node) string {
	entry := splice.InFlow(nested(steps[1:], value))
	if name, ok := steps[0].(string); ok {
		entry = splice.Key(name) + ": " + entry
	}
	last, _ := s.FlowEnd(s.Offset(n))
	if s.String[last-1] == ',' {
		return s.Cut(last, last, " "+entry)
	}
	return s.Cut(last, last, ", "+entry)
}

// span is where the value at a spot begins and ends.
func (s source) span(at spot) (start, end int) {
	n := at.node
	start = s.Offset(n)
	switch {
	case splice.IsFlow(n):
		_, end = s.FlowEnd(start)
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		end = s.BlockEnd(n.Line, n.Column-1, n.Kind)
		if at.key != nil { // all that stands behind its colon
			start = s.ScalarEnd(at.key)
			start += strings.IndexByte(s.String[start:], ':') + 1
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		end = s.LiteralEnd(n, at.indent)
	default:
		end = s.ScalarEnd(n)
	}
	return start, end
}
