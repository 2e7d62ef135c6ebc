package layout

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// object is a mapping whose keys are written in the order that writeYAML gives them.
type object = map[string]any

// list is a sequence of anything.
type list = []any

// writeYAML writes documents as YAML, a line of --- between them. Reasons are written above what they are about; their places
// begin with the index of the document. What is no longer there has none.
func writeYAML(documents []any, reasons blueprint.Reasons) ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	for i, d := range documents {
		n := node(d)
		for _, r := range reasons.Below(i) {
			comment(n, r)
		}
		if err := encoder.Encode(n); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), encoder.Close()
}

// node turns a JSON-shaped value into a node with its keys in our order.
func node(v any) *yaml.Node {
	switch v := v.(type) {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, k := range keys(v) {
			n.Content = append(n.Content, scalar(k), node(v[k]))
		}
		if len(v) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v {
			n.Content = append(n.Content, node(item))
		}
		if len(v) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n
	case []string:
		items := make(list, len(v))
		for i, s := range v {
			items[i] = s
		}
		return node(items)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return node(int64(v))
		}
	case bool, int, int64:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)} // as encoding it would, which takes long
	}
	return scalar(v)
}

func scalar(v any) *yaml.Node {
	if s, ok := v.(string); ok && strings.Contains(s, "\n") {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: linesStyle(s)}
	} else if ok && isNewText(s) {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	}
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		panic(err) // scalars of one line always encode
	}
	return &n
}

// isNewText tells a text that is none in any version of YAML but a text, or what the library quotes in a node, too. Of nodes it does
// not know what YAML 1.1 took for booleans (off) and numbers (1:20). It is a shortcut: encoding a text by itself takes long.
func isNewText(s string) bool {
	return len(s) > len("off") && !strings.ContainsRune("+-.0123456789", rune(s[0])) && utf8.ValidString(s)
}

// linesStyle is how a text of several lines is written: line by line, unless the library would lose what it begins with.
func linesStyle(s string) yaml.Style {
	if strings.TrimLeft(s, " \t\n") != s {
		return yaml.DoubleQuotedStyle
	}
	return yaml.LiteralStyle
}

// comment puts a reason above what it is about in a document: a key, an item of a list, or the document itself.
func comment(n *yaml.Node, r blueprint.Reason) {
	above, inList := n, false
	for _, step := range r.At {
		i := position(n, step)
		if i < 0 {
			return // a user's values may have taken it away
		}
		switch {
		case n.Kind == yaml.SequenceNode:
			above = n.Content[i]
		case i > 1 || !inList: // the first key stands on the line of the item
			above = n.Content[i-1]
		}
		inList = n.Kind == yaml.SequenceNode
		n = n.Content[i]
	}
	lines := strings.Split(r.Text, "\n")
	for i, line := range lines {
		lines[i] = "# " + escape.Text(line)
	}
	above.HeadComment = strings.TrimLeft(above.HeadComment+"\n"+strings.Join(lines, "\n"), "\n")
}

// position is where in the content of a node a step leads to; -1 is nowhere.
func position(n *yaml.Node, step any) int {
	switch step := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && step < len(n.Content) {
			return step
		}
	case string:
		for i := 1; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if n.Content[i-1].Value == step {
				return i
			}
		}
	}
	return -1
}
