package escape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// JSON writes a value as JSON, indented. A reader gets the same texts, but for bytes that are no UTF-8.
func JSON(w io.Writer, value any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, inStrings(b.String()))
	return err
}

// Value writes a value as JSON on one line, for a message: what HTML reads as markup stays as it is.
func Value(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// YAML writes a JSON-shaped value as a document of YAML. A reader gets the same texts.
func YAML(w io.Writer, value any) error {
	var b bytes.Buffer
	if needsQuotes(value) {
		value = node(value)
	}
	// yaml.v3 would lose the empty line that a text begins with.
	if err := yaml.NewEncoder(&b).Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, inStrings(b.String()))
	return err
}

// inStrings escapes what is hostile in a document where only strings in double quotes hold such things, as JSON and YAML
// both read it.
func inStrings(document string) string {
	if !isHostile(document, breaks) {
		return document
	}
	var b strings.Builder
	for _, r := range document {
		if isControl(r) && !strings.ContainsRune(breaks, r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return command.ReplaceAllStringFunc(b.String(), func(s string) string { return `#\u0023` + s[2:] })
}

// node is a value with the texts in quotes that are hostile otherwise, or that the library would write wrong.
func node(value any) *yaml.Node {
	switch value := value.(type) {
	case map[string]any:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, k := range slices.Sorted(maps.Keys(value)) {
			n.Content = append(n.Content, node(k), node(value[k]))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, v := range value {
			n.Content = append(n.Content, node(v))
		}
		return n
	case string:
		// What is no UTF-8 the library writes as binary data.
		if utf8.ValidString(value) && (needsQuotes(value) || strings.HasPrefix(value, "\n")) {
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagString, Value: value, Style: yaml.DoubleQuotedStyle}
		}
	}
	var n yaml.Node
	if err := n.Encode(value); err != nil {
		panic(err) // scalars always encode
	}
	return &n
}

// needsQuotes reports whether there is a text in a value that cannot be written as it is.
func needsQuotes(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for k, v := range value {
			if needsQuotes(k) || needsQuotes(v) {
				return true
			}
		}
	case []any:
		for _, v := range value {
			// The library indents it as if it stood in a mapping.
			if s, ok := v.(string); ok && strings.HasPrefix(s, "\n") || needsQuotes(v) {
				return true
			}
		}
	case string:
		return isHostile(value, breaks) || hasCommand(value)
	}
	return false
}

// hasCommand reports whether a line of a text begins as a command does.
func hasCommand(text string) bool {
	if !strings.Contains(text, "::") {
		return false
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			return true
		}
	}
	return false
}
