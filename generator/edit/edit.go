// Package edit puts settings into YAML that people wrote, and leaves everything else of it as it is, byte for byte.
//
// It knows nothing of what the settings mean.
package edit

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// Setting is one value to put into a spec.
type Setting struct {
	// Path leads to the value.
	Path manifest.Path
	// Value is YAML. An empty one takes away what stands at the path.
	Value string
	// Default says that the value is only put where none stands yet.
	Default bool
	// Comment is written above the path's first key, where that is new.
	Comment string
	// After is the key that the path's first key is written behind, where that is new; else it is the last one.
	After string
	// From is what brought it, as messages call it; may be empty.
	From string
}

// Parse reads key=value, where the key is a path such as clusters[0].domain and the value YAML. A backslash
// before a dot makes it part of a name. Nothing behind the = takes the key away.
func Parse(text string) (Setting, error) {
	if !utf8.ValidString(text) {
		return Setting{}, fmt.Errorf("%q: it is not UTF-8", text)
	}
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return Setting{}, fmt.Errorf("%q: want key=value, such as domain=example.org", text)
	}
	path, err := manifest.ParsePath(key)
	if err == nil && reflect.TypeOf(path[0]).Kind() != reflect.String {
		err = errors.New("a name in the key is empty")
	}
	if err != nil {
		return Setting{}, fmt.Errorf("%q: %w", text, err)
	}
	if _, err := parseYAML(value); err != nil {
		return Setting{}, fmt.Errorf("%q: the value is not YAML", text)
	}
	return Setting{Path: path, Value: value}, nil
}

// Text sets a text, whatever it would be in YAML; key is as in Parse.
func Text(key, text string) (Setting, error) {
	if !utf8.ValidString(text) {
		return Setting{}, fmt.Errorf("%q: it is not UTF-8", text)
	}
	value, err := yaml.Marshal(text)
	if err != nil {
		return Setting{}, err
	}
	return Parse(key + "=" + string(value))
}

// Apply puts settings into a spec, or into any other YAML of one document. What they do not touch, comments and empty lines among it, stays byte for byte.
func Apply(data []byte, settings []Setting) ([]byte, error) {
	text := string(data)
	for _, s := range settings {
		change := put
		if s.Value == "" {
			change = remove
		}
		edited, err := change(text, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Path, err)
		}
		text = edited
	}
	return []byte(text), nil
}

// put puts one setting into a text, and proves that the text says what it should afterwards.
func put(text string, s Setting) (string, error) {
	root, err := parseYAML(text)
	if err != nil {
		return "", fmt.Errorf("not YAML: %w", err)
	}
	value, err := parseYAML(s.Value)
	if err != nil {
		return "", fmt.Errorf("the value is not YAML: %w", err)
	}
	before, errBefore := manifest.Value(root)
	with, errWith := manifest.Value(value)
	if err := errors.Join(errBefore, errWith); err != nil {
		return "", err
	}
	at, rest, err := descend(root, s.Path)
	if err != nil {
		return "", err
	}
	if len(rest) == 0 {
		is, err := manifest.Value(at.node)
		if err == nil && (s.Default || reflect.DeepEqual(is, with)) {
			return text, nil
		}
	}
	edited := insert(text, at, rest, value, s)
	if root, err = parseYAML(edited); err == nil {
		after, err := manifest.Value(root)
		if err == nil && reflect.DeepEqual(after, replaced(before, s.Path, with)) {
			return edited, nil
		}
	}
	return "", errors.New("it cannot be put in here without touching something else; edit the file")
}

// parseYAML gives the content of the first document, an empty value where there is none.
func parseYAML(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}, nil
	}
	return doc.Content[0], nil
}

// replaced gives v with the value at path put in; v is not changed.
func replaced(v any, path manifest.Path, value any) any {
	if len(path) == 0 {
		return value
	}
	if i, ok := path[0].(int); ok {
		list, _ := v.([]any)
		if i < len(list) {
			list = append([]any{}, list...)
			list[i] = replaced(list[i], path[1:], value)
			return list
		}
		return append(list[:len(list):len(list)], replaced(nil, path[1:], value))
	}
	name := path[0].(string)
	below, _ := v.(map[string]any)
	object := map[string]any{}
	maps.Copy(object, below)
	object[name] = replaced(below[name], path[1:], value)
	return object
}

// spot is a value in a text, as far as a path leads.
type spot struct {
	// key is nil for items of a list and for the root.
	key, node *yaml.Node
	// indent is that of the collection which the node is in, and -2 for the root.
	indent int
	// flow says that the node stands in a collection with brackets.
	flow bool
}

// descend goes down a path as far as it is there, and gives the steps that are left.
func descend(root *yaml.Node, path manifest.Path) (spot, manifest.Path, error) {
	at := spot{node: root, indent: -2}
	for i, step := range path {
		n := at.node
		if splice.IsEmpty(n) {
			return at, path[i:], startsList(path[i:])
		}
		next := spot{indent: n.Column - 1, flow: at.flow || splice.IsFlow(n)}
		switch step := step.(type) {
		case string:
			if n.Kind != yaml.MappingNode {
				return at, nil, fmt.Errorf("%s is no mapping", path[:i])
			}
			for k := 0; k+1 < len(n.Content); k += 2 {
				if n.Content[k].Value == step {
					next.key, next.node = n.Content[k], n.Content[k+1]
				}
			}
		case int:
			if n.Kind != yaml.SequenceNode {
				return at, nil, fmt.Errorf("%s is no list", path[:i])
			}
			if step > len(n.Content) {
				return at, nil, fmt.Errorf("%s has %d items: no item %d", path[:i], len(n.Content), step)
			}
			if step < len(n.Content) {
				next.node = n.Content[step]
			}
		}
		if next.node == nil {
			return at, path[i:], startsList(path[i+1:])
		}
		at = next
	}
	return at, nil, nil
}

// startsList gives an error if steps that are not there yet name an item other than the first.
func startsList(steps manifest.Path) error {
	for _, step := range steps {
		if i, ok := step.(int); ok && i > 0 {
			return fmt.Errorf("there are 0 items: no item %d", i)
		}
	}
	return nil
}
