package edit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// splice puts value into text, below at by the steps of rest. The YAML library knows where values begin, not where they
// end, and would write the whole file in its own style: so the text itself is cut, and put proves the result.
func splice(text string, at spot, rest []any, value *yaml.Node, setting Setting) string {
	s, n, comment := source(text), at.node, setting.Comment
	indent := strings.Repeat(" ", at.indent+2)
	switch {
	case len(rest) == 0:
		return s.replace(at, inline(value, at.flow))
	case n.Line == 0: // the text holds no value at all
		lines := strings.TrimPrefix(above(comment, ""), "\n") + block(rest, value, "") + "\n"
		if text != "" && !strings.HasSuffix(text, "\n") {
			lines = "\n" + lines
		}
		return s.cut(len(s), len(s), lines)
	case isEmpty(n) && at.flow:
		return s.replace(at, inline(nested(rest, value), true))
	case isEmpty(n):
		return s.replace(at, "\n"+indent+block(rest, value, indent))
	case isFlow(n):
		return s.insertFlow(n, rest, value)
	}
	if at.indent >= 0 {
		comment = ""
	}
	indent = strings.Repeat(" ", n.Column-1)
	end := s.blockEnd(n.Line, n.Column-1, n.Kind)
	if before := manifest.Field(n, setting.After); before != nil && at.indent < 0 {
		_, end = s.span(spot{node: before, indent: n.Column - 1})
		end += strings.IndexAny(string(s[end:])+"\n", "\r\n") // a comment stays with what it stands behind
	}
	return s.cut(end, end, "\n"+above(comment, indent)+indent+block(rest, value, indent))
}

// isEmpty reports whether n holds nothing, so that it may become a mapping or a list.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" || n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && len(n.Content) == 0
}

func isFlow(n *yaml.Node) bool {
	return n.Style&yaml.FlowStyle != 0 && (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode)
}

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
		head, more = key(name)+":", "\n"+indent+"  "
	}
	if len(steps) == 1 {
		return head + " " + inline(value, false)
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

func key(name string) string {
	return inline(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, true)
}

// inline writes a node on one line; flow says that it goes between brackets.
func inline(n *yaml.Node, flow bool) string {
	n = flat(n)
	if flow {
		n = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{n}}
	}
	out, err := yaml.Marshal(n)
	if err != nil {
		panic(err) // flat nodes always encode
	}
	text := strings.TrimSuffix(string(out), "\n")
	if flow {
		text = text[1 : len(text)-1]
	}
	return text
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

// source is YAML text that is known to parse.
type source string

// cut puts text in place of what stands from start to end.
func (s source) cut(start, end int, text string) string {
	if strings.Contains(string(s), "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return string(s[:start]) + text + string(s[end:])
}

// replace puts text in place of the value at a spot.
func (s source) replace(at spot, text string) string {
	start, end := s.span(at)
	for start > 0 && s[start-1] == ' ' && strings.HasPrefix(text, "\n") {
		start--
	}
	if start > 0 && (s[start-1] == ':' || s[start-1] == '-') && !strings.HasPrefix(text, "\n") {
		text = " " + text
	}
	return s.cut(start, end, text)
}

// insertFlow adds to a collection with brackets that is not empty.
func (s source) insertFlow(n *yaml.Node, steps []any, value *yaml.Node) string {
	entry := inline(nested(steps[1:], value), true)
	if name, ok := steps[0].(string); ok {
		entry = key(name) + ": " + entry
	}
	last, _ := s.flowEnd(s.offset(n))
	if s[last-1] == ',' {
		return s.cut(last, last, " "+entry)
	}
	return s.cut(last, last, ", "+entry)
}

// offset is where a node begins.
func (s source) offset(n *yaml.Node) int {
	at := 0
	for range n.Line - 1 {
		at += strings.IndexByte(string(s[at:]), '\n') + 1
	}
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(string(s[at:]))
		at += size
	}
	return at
}

// span is where the value at a spot begins and ends.
func (s source) span(at spot) (start, end int) {
	n := at.node
	start = s.offset(n)
	switch {
	case isFlow(n):
		_, end = s.flowEnd(start)
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		end = s.blockEnd(n.Line, n.Column-1, n.Kind)
		if at.key != nil { // all that stands behind its colon
			start = s.scalarEnd(at.key)
			start += strings.IndexByte(string(s[start:]), ':') + 1
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		end = s.blockEnd(n.Line, at.indent, n.Kind)
	default:
		end = s.scalarEnd(n)
	}
	return start, end
}

// scalarEnd is where a scalar ends that stands in quotes or in none.
func (s source) scalarEnd(n *yaml.Node) int {
	at := s.offset(n)
	for at < len(s) && (s[at] == '&' || s[at] == '!') { // an anchor or a tag
		at += strings.IndexFunc(string(s[at:])+" ", unicode.IsSpace)
		at += len(s[at:]) - len(strings.TrimLeft(string(s[at:]), " "))
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return s.quoteEnd(at)
	}
	for _, r := range n.Value { // which may be folded over several lines
		if unicode.IsSpace(r) {
			continue
		}
		at += len(s[at:]) - len(strings.TrimLeftFunc(string(s[at:]), unicode.IsSpace))
		at += utf8.RuneLen(r)
	}
	return min(at, len(s))
}

// quoteEnd is where the quotes end that begin at the offset at.
func (s source) quoteEnd(at int) int {
	quote := s[at]
	for at++; at < len(s); at++ {
		switch {
		case s[at] == '\\' && quote == '"', s[at] == quote && quote == '\'' && strings.HasPrefix(string(s[at+1:]), "'"):
			at++
		case s[at] == quote:
			return at + 1
		}
	}
	return len(s)
}

// flowEnd is where the collection with brackets ends that begins at the offset at; last is where its last entry does.
func (s source) flowEnd(at int) (last, end int) {
	depth := 0
	for at < len(s) {
		c := s[at]
		switch {
		case (c == '"' || c == '\'') && strings.IndexByte("[{,:", s[last-1]) >= 0:
			at = s.quoteEnd(at)
			last = at
			continue
		case c == '#' && unicode.IsSpace(rune(s[at-1])):
			at += strings.IndexByte(string(s[at:])+"\n", '\n')
			continue
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return last, at + 1
			}
		}
		at++
		if !unicode.IsSpace(rune(c)) {
			last = at
		}
	}
	return last, at
}

// blockEnd is where the last line ends of what begins on a line with an indent. Comments that are indented less, and empty
// lines, belong to what follows.
func (s source) blockEnd(line, indent int, kind yaml.Kind) int {
	at, end := 0, 0
	for i, text := range strings.SplitAfter(string(s), "\n") {
		at += len(text)
		text = strings.TrimRight(text, "\r\n")
		content := strings.TrimLeft(text, " ")
		is := len(text) - len(content)
		switch {
		case i+1 < line, i+1 > line && content == "":
			continue
		case i+1 == line, is > indent:
		case is == 0 && (strings.HasPrefix(content, "---") || strings.HasPrefix(content, "...")):
			return end
		case is == indent && kind == yaml.MappingNode:
		case is == indent && kind == yaml.SequenceNode && strings.HasPrefix(content+" ", "- "):
		case strings.HasPrefix(content, "#"):
			continue
		default:
			return end
		}
		end = at - (len(s[:at]) - len(strings.TrimRight(string(s[:at]), "\r\n")))
	}
	return end
}
