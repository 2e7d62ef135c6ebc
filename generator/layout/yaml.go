package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// first lists the keys that stand before all others, which are sorted.
var first = []string{"apiVersion", "kind", "metadata", "name"}

// object is a mapping whose keys are written in the order that writeYAML gives them.
type object = map[string]any

// list is a sequence of anything.
type list = []any

// writeYAML writes documents as YAML, a line of --- between them. comments are texts by the path of the key that they
// stand above (a.b["c.d"].e), for the first document.
func writeYAML(documents []any, comments map[string]string) ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	for i, d := range documents {
		n := node(d)
		if i == 0 {
			for _, path := range slices.Sorted(maps.Keys(comments)) {
				if err := comment(n, path, comments[path]); err != nil {
					return nil, err
				}
			}
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
			return scalar(int64(v))
		}
	}
	return scalar(v)
}

func keys(o object) []string {
	rank := func(k string) int {
		if i := slices.Index(first, k); i >= 0 {
			return i
		}
		return len(first)
	}
	return slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

func scalar(v any) *yaml.Node {
	if s, ok := v.(string); ok && strings.Contains(s, "\n") {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: linesStyle(s)}
	}
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		panic(err) // scalars of one line always encode
	}
	return &n
}

// linesStyle is how a text of several lines is written: line by line, unless the library would lose what it begins with.
func linesStyle(s string) yaml.Style {
	if strings.TrimLeft(s, " \t\n") != s {
		return yaml.DoubleQuotedStyle
	}
	return yaml.LiteralStyle
}

// comment puts text above the key at path.
func comment(n *yaml.Node, path, text string) error {
	steps, err := splitPath(path)
	if err != nil {
		return err
	}
	for i, step := range steps {
		j := -1
		for k := 0; n.Kind == yaml.MappingNode && k+1 < len(n.Content); k += 2 {
			if n.Content[k].Value == step {
				j = k
			}
		}
		if j < 0 {
			return nil // a user's values may have taken the key away
		}
		if i == len(steps)-1 {
			lines := strings.Split(text, "\n")
			for i, line := range lines {
				lines[i] = "# " + escape.Text(line)
			}
			n.Content[j].HeadComment = strings.Join(lines, "\n")
			return nil
		}
		n = n.Content[j+1]
	}
	return nil
}

// splitPath splits a.b["c.d"].e into its steps.
func splitPath(path string) ([]string, error) {
	var steps []string
	for rest := path; rest != ""; {
		if quoted, ok := strings.CutPrefix(rest, "["); ok {
			end := strings.Index(quoted, `"]`)
			var step string
			if end < 0 || json.Unmarshal([]byte(quoted[:end+1]), &step) != nil {
				return nil, fmt.Errorf("comment path %q: want a.b or a[\"b\"]", path)
			}
			steps, rest = append(steps, step), strings.TrimPrefix(quoted[end+2:], ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		steps = append(steps, rest[:end])
		rest = strings.TrimPrefix(rest[end:], ".")
	}
	return steps, nil
}
