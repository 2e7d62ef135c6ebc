package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Problem is a fault in a file that keeps it, or one of its documents, from being read.
type Problem struct {
	Place   Place
	Message string
	// DuplicateKey says that a mapping holds a key twice; the document is read all the same, the last one wins.
	DuplicateKey bool
}

// Parse reads the Kubernetes objects of a file, which may be YAML or JSON. Documents that are empty or have no
// apiVersion and kind are left out: they are no objects. A syntax error ends the reading; what stands before it is
// returned.
func Parse(file string, data []byte) ([]Resource, []Problem) {
	docs, problems := Documents(file, data)
	var resources []Resource
	for _, doc := range docs {
		value, err := Value(doc)
		if err != nil {
			problems = append(problems, Problem{Place: Place{File: file, Line: doc.Line, Column: doc.Column}, Message: err.Error()})
			continue
		}
		object, ok := value.(map[string]any)
		if !ok {
			continue
		}
		id := NewID(object)
		if id.Version == "" || id.Kind == "" {
			continue
		}
		place := Place{File: file, Line: doc.Line, Column: doc.Column}
		resources = append(resources, Resource{ID: id, Object: object, Origin: Origin{Place: place, Node: doc}})
	}
	return resources, problems
}

// Documents reads the documents of a YAML stream, each as its content node, leaving out the empty ones. A syntax
// error ends the reading; what stands before it is returned.
func Documents(file string, data []byte) ([]*yaml.Node, []Problem) {
	var docs []*yaml.Node
	var problems []Problem
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := decode(decoder, &doc)
		if errors.Is(err, io.EOF) {
			return docs, problems
		}
		if err != nil {
			return docs, append(problems, syntaxProblem(file, err))
		}
		if len(doc.Content) == 0 {
			continue
		}
		content := doc.Content[0]
		problems = append(problems, duplicateKeys(file, content)...)
		docs = append(docs, content)
	}
}

// decode reads one document. yaml.v3 panics on some malformed input; that is a syntax error like any other.
func decode(decoder *yaml.Decoder, doc *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return decoder.Decode(doc)
}

var syntaxLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

func syntaxProblem(file string, err error) Problem {
	m := syntaxLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	line, _ := strconv.Atoi(m[1])
	problem := Problem{Place: Place{File: file, Line: line, Column: 1}, Message: "not YAML: " + m[2]}
	if line == 0 {
		problem.Place.Line = 1
	}
	return problem
}

func duplicateKeys(file string, n *yaml.Node) []Problem {
	var problems []Problem
	if n.Kind == yaml.MappingNode {
		lines := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if line, ok := lines[key.Value]; ok && key.Kind == yaml.ScalarNode {
				problems = append(problems, Problem{
					Place:        Place{File: file, Line: key.Line, Column: key.Column},
					Message:      fmt.Sprintf("key %q stands on line %d already", key.Value, line),
					DuplicateKey: true,
				})
			}
			lines[key.Value] = key.Line
		}
	}
	for _, child := range n.Content {
		problems = append(problems, duplicateKeys(file, child)...)
	}
	return problems
}

// maxAliases bounds what aliases may expand to, so that a small file cannot fill the memory.
const maxAliases = 100_000

// Value turns a node into JSON-shaped values as Kubernetes reads YAML: by the rules of YAML 1.1, where an unquoted
// yes is true. A mapping key that is no scalar, and aliases that never end, are errors.
func Value(n *yaml.Node) (any, error) {
	budget := maxAliases
	return value(n, &budget, 0)
}

func value(n *yaml.Node, budget *int, depth int) (any, error) {
	if depth > 1000 {
		return nil, errors.New("nested more than 1000 levels deep")
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
			return nil, errors.New("aliases expand to more than 100000 nodes")
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
		return scalar(n), nil
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
		if key.Tag == "!!merge" {
			merge(object, v)
			continue
		}
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("line %d: a mapping key must be a scalar", key.Line)
		}
		object[key.Value] = v
	}
	return object, nil
}

// merge fills object with what a "<<" key brings; what is there already wins.
func merge(object map[string]any, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if _, ok := object[k]; !ok {
				object[k] = x
			}
		}
	case []any:
		for _, x := range v {
			merge(object, x)
		}
	}
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

func scalar(n *yaml.Node) any {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return n.Value
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		b, _ := strconv.ParseBool(strings.ToLower(n.Value))
		return b
	case "!!int":
		var i int64
		if n.Decode(&i) == nil {
			return i
		}
		var f float64
		if n.Decode(&f) == nil {
			return f
		}
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				return int64(f)
			}
			return f
		}
	case "!!str":
		switch n.Value {
		case "yes", "Yes", "YES", "on", "On", "ON":
			return true
		case "no", "No", "NO", "off", "Off", "OFF":
			return false
		}
	}
	return n.Value
}

// Find gives the node at path below n, whose steps are strings and ints: the key's own node where the last step
// names a key that holds a mapping or a list, else the value's. Where the path ends early, it is the last node that
// is there.
func Find(n *yaml.Node, path ...any) *yaml.Node {
	at := n
	for _, step := range path {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		key, child := child(n, step)
		if child == nil {
			return at
		}
		n, at = child, child
		if key != nil && (child.Kind != yaml.ScalarNode || child.Line == 0) {
			at = key
		}
	}
	return at
}

// FindKey gives the node of the key that path ends with, and what Find gives where that is not there.
func FindKey(n *yaml.Node, path ...any) *yaml.Node {
	at := Find(n, path...)
	for i, step := range path {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		key, value := child(n, step)
		if value == nil {
			return at
		}
		if i == len(path)-1 && key != nil {
			return key
		}
		n = value
	}
	return at
}

// child gives the key (nil in a list) and the value of one step below n; nil where it is not there.
func child(n *yaml.Node, step any) (key, value *yaml.Node) {
	switch step := step.(type) {
	case string:
		if n.Kind != yaml.MappingNode {
			return nil, nil
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case int:
		if n.Kind == yaml.SequenceNode && step >= 0 && step < len(n.Content) {
			return nil, n.Content[step]
		}
	}
	return nil, nil
}

// Field gives the value at path below n; nil where it is not there.
func Field(n *yaml.Node, path ...any) *yaml.Node {
	for _, step := range path {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if _, n = child(n, step); n == nil {
			return nil
		}
	}
	return n
}
