package blueprint

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Setting is one value to put into a spec.
type Setting struct {
	// Path leads to the value: strings are keys, ints positions in a list.
	Path []any
	// Value is YAML.
	Value string
	// Default says that the value is only put where none stands yet.
	Default bool
	// Comment is written above the path's first key, where that is new.
	Comment string
}

// ParseSetting reads key=value, where the key is a path such as clusters[0].domain and the value YAML. A backslash
// before a dot makes it part of a name.
func ParseSetting(text string) (Setting, error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return Setting{}, fmt.Errorf("%q: want key=value, such as domain=%s", text, DefaultDomain)
	}
	path, err := parsePath(key)
	if err != nil {
		return Setting{}, fmt.Errorf("%q: %w", text, err)
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(value), &n); err != nil {
		return Setting{}, fmt.Errorf("%q: the value is not YAML", text)
	}
	return Setting{Path: path, Value: value}, nil
}

func parsePath(text string) ([]any, error) {
	const dot = "\x00"
	var path []any
	for _, part := range strings.Split(strings.ReplaceAll(text, `\.`, dot), ".") {
		name, rest, indexed := strings.Cut(strings.ReplaceAll(part, dot, "."), "[")
		if name == "" {
			return nil, fmt.Errorf("key %q: a name is empty", text)
		}
		path = append(path, name)
		for indexed {
			var index string
			var closed bool
			index, rest, closed = strings.Cut(rest, "]")
			i, err := strconv.Atoi(index)
			if err != nil || !closed || i < 0 {
				return nil, fmt.Errorf("key %q: want a number in brackets, such as clusters[0]", text)
			}
			path = append(path, i)
			if indexed = strings.HasPrefix(rest, "["); indexed {
				rest = rest[1:]
			} else if rest != "" {
				return nil, fmt.Errorf("key %q: unexpected %q", text, rest)
			}
		}
	}
	return path, nil
}

// blank stands for an empty line while the YAML library, which drops those, has the text.
const blank = "#gitopsgen:blank"

// Edit puts settings into a spec and keeps its comments and empty lines. A text that no setting changes comes back
// as it is.
func Edit(data []byte, settings []Setting) ([]byte, error) {
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			lines[i] = blank
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(lines, "\n")+"\n"), &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	changed := false
	for _, s := range settings {
		done, err := put(doc.Content[0], s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pathText(s.Path), err)
		}
		changed = changed || done
	}
	if !changed {
		return data, nil
	}
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(&doc); err != nil {
		return nil, err
	}
	lines = strings.Split(b.String(), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == blank {
			lines[i] = ""
		}
	}
	return []byte(strings.Join(lines, "\n")), nil
}

// put puts one setting below n and reports whether that changed anything.
func put(n *yaml.Node, s Setting) (bool, error) {
	var value yaml.Node
	if err := yaml.Unmarshal([]byte(s.Value), &value); err != nil {
		return false, err
	}
	content := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	if len(value.Content) > 0 {
		content = value.Content[0]
	}
	for i, step := range s.Path {
		known := len(n.Content)
		next, err := descend(n, step)
		if err != nil {
			return false, err
		}
		if i == 0 && s.Comment != "" && len(n.Content) > known {
			n.Content[known].HeadComment = blank + "\n# " + s.Comment
		}
		n = next
		if n.Kind == 0 && i < len(s.Path)-1 {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
			if _, list := s.Path[i+1].(int); list {
				n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
			}
		}
	}
	if n.Kind != 0 && (s.Default || n.Kind == yaml.ScalarNode && content.Kind == yaml.ScalarNode && n.Value == content.Value && n.Tag == content.Tag) {
		return false, nil
	}
	head, line, foot := n.HeadComment, n.LineComment, n.FootComment
	*n = *content
	n.HeadComment, n.LineComment, n.FootComment = head, line, foot
	return true, nil
}

// descend gives the node one step below n, made where it is not there yet (its Kind is then 0).
func descend(n *yaml.Node, step any) (*yaml.Node, error) {
	switch step := step.(type) {
	case string:
		if n.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%q is no mapping", n.Value)
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1], nil
			}
		}
		key, value := &yaml.Node{Kind: yaml.ScalarNode, Value: step}, &yaml.Node{}
		n.Content = append(n.Content, key, value)
		return value, nil
	case int:
		if n.Kind != yaml.SequenceNode {
			return nil, fmt.Errorf("no list to take item %d of", step)
		}
		if step > len(n.Content) {
			return nil, fmt.Errorf("there are %d items, no item %d", len(n.Content), step)
		}
		if step == len(n.Content) {
			n.Content = append(n.Content, &yaml.Node{})
		}
		return n.Content[step], nil
	}
	return nil, fmt.Errorf("a step must be a name or a number")
}
