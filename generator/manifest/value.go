package manifest

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

const (
	// maxAliases bounds what aliases may expand to, so that a small file cannot fill the memory.
	maxAliases = 100_000
	// maxDepth bounds nesting, so that what walks an object cannot fill the stack.
	maxDepth = 1000
)

// nodeError is an error at a node.
type nodeError struct {
	node    *yaml.Node
	message string
}

func (e *nodeError) Error() string { return e.message }

// Value turns a node into JSON-shaped values as Kubernetes reads YAML: by the rules of YAML 1.1, where an unquoted
// yes is true. What JSON cannot hold, and aliases that never end, are errors.
func Value(n *yaml.Node) (any, error) {
	budget := maxAliases
	return value(n, &budget, 0)
}

func value(n *yaml.Node, budget *int, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &nodeError{n, fmt.Sprintf("nested more than %d levels deep", maxDepth)}
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, nil
		}
		return value(n.Content[0], budget, depth+1)
	case yaml.AliasNode:
		*budget -= size(n.Alias, *budget)
		if *budget <= 0 {
			return nil, &nodeError{n, fmt.Sprintf("aliases expand to more than %d nodes", maxAliases)}
		}
		return value(n.Alias, budget, depth+1)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, child := range n.Content {
			v, err := value(child, budget, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		return mapping(n, budget, depth)
	default:
		return scalar(n)
	}
}

func mapping(n *yaml.Node, budget *int, depth int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		v, err := value(child, budget, depth+1)
		if err != nil {
			return nil, err
		}
		if IsMerge(key) {
			if err := merge(object, child, v); err != nil {
				return nil, err
			}
			continue
		}
		text, err := Key(key)
		if err != nil {
			return nil, err
		}
		object[text] = v
	}
	return object, nil
}

// Key is the key of a mapping as JSON has it, where keys are strings.
func Key(key *yaml.Node) (string, error) {
	if key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	if key.Kind == yaml.ScalarNode {
		v, err := scalar(key)
		if err != nil {
			return "", err
		}
		switch v := v.(type) {
		case string:
			return v, nil
		case bool, int64:
			return fmt.Sprint(v), nil
		case float64:
			return strconv.FormatFloat(v, 'g', -1, 32), nil
		}
	}
	return "", &nodeError{key, "a mapping key must be a string"}
}

// IsMerge reports whether a key merges what it holds: a tag alone does not make it one.
func IsMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.ShortTag() == "!!merge"
}

// merge fills object with what a "<<" key brings. As Kubernetes reads it, that wins over the keys before it.
func merge(object map[string]any, n *yaml.Node, v any) error {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, v := range slices.Backward(list) {
		from, ok := v.(map[string]any)
		if !ok {
			return &nodeError{n, `"<<" takes a mapping, or a list of mappings`}
		}
		maps.Copy(object, from)
	}
	return nil
}

// size counts the nodes below n, giving up above limit.
func size(n *yaml.Node, limit int) int {
	count := 1
	for _, child := range n.Content {
		if count > limit {
			return count
		}
		if child.Kind == yaml.AliasNode {
			count++
			continue
		}
		count += size(child, limit-count)
	}
	return count
}

// oldBools are what YAML 1.1 takes for booleans besides true and false.
var oldBools = map[string]bool{
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

func scalar(n *yaml.Node) (any, error) {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	tagged := n.Style&yaml.TaggedStyle != 0
	if n.Style&quoted != 0 && !tagged {
		return n.Value, nil
	}
	switch n.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float", "!!binary":
		var v any
		if err := n.Decode(&v); err != nil {
			return nil, &nodeError{n, fmt.Sprintf("%q is no %s", n.Value, n.ShortTag())}
		}
		v, err := Shape(v)
		if err != nil {
			return nil, &nodeError{n, err.Error()}
		}
		return v, nil
	}
	if b, ok := oldBools[n.Value]; ok && !tagged {
		return b, nil
	}
	return n.Value, nil
}

// Shape turns what a YAML or JSON library decoded into JSON-shaped values. Lists and maps are changed in place.
func Shape(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64:
		return v, nil
	case string:
		return strings.ToValidUTF8(v, "\uFFFD"), nil
	case int:
		return int64(v), nil
	case uint64:
		return float64(v), nil
	case float64:
		return number(v)
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case []any:
		for i, x := range v {
			shaped, err := Shape(x)
			if err != nil {
				return nil, err
			}
			v[i] = shaped
		}
		return v, nil
	case map[string]any:
		for k, x := range v {
			shaped, err := Shape(x)
			if err != nil {
				return nil, err
			}
			v[k] = shaped
		}
		return v, nil
	case map[any]any:
		return nil, errors.New("a mapping key must be a string")
	}
	return nil, fmt.Errorf("a %T is nothing that JSON can hold", v)
}

// number is a float as it comes out of JSON again, where 1.0 is written 1.
func number(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errors.New("JSON has no number that is infinite or none")
	}
	if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
		return int64(f), nil
	}
	return f, nil
}
