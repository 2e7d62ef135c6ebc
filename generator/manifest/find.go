package manifest

import "gopkg.in/yaml.v3"

// Find gives the node at path below n, whose steps are strings and ints: the key's own node where the last step
// names a key that holds a mapping or a list, else the value's. Where the path ends early, it is the last node that
// is there.
func Find(n *yaml.Node, path ...any) *yaml.Node {
	at := n
	for _, step := range path {
		key, value := child(n, step)
		if value == nil {
			return at
		}
		n, at = value, value
		if key != nil && value.Kind != yaml.ScalarNode {
			at = key
		}
	}
	return at
}

// FindKey gives the node of the key that path ends with, and what Find gives where that is not there.
func FindKey(n *yaml.Node, path ...any) *yaml.Node {
	if len(path) > 0 {
		if parent := Field(n, path[:len(path)-1]...); parent != nil {
			if key, _ := child(parent, path[len(path)-1]); key != nil {
				return key
			}
		}
	}
	return Find(n, path...)
}

// Field gives the value at path below n; nil where it is not there.
func Field(n *yaml.Node, path ...any) *yaml.Node {
	for _, step := range path {
		if _, n = child(n, step); n == nil {
			return nil
		}
	}
	return n
}

// child gives the key (nil in a list) and the value of one step below n; nil where it is not there.
func child(n *yaml.Node, step any) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch step := step.(type) {
	case string:
		budget := maxDepth
		return member(n, step, &budget)
	case int:
		if n.Kind == yaml.SequenceNode && step >= 0 && step < len(n.Content) {
			return nil, n.Content[step]
		}
	}
	return nil, nil
}

// member finds a key of a mapping, or of what "<<" keys merge into it; of a key that stands there twice the last
// one counts. The budget bounds merges of merges.
func member(n *yaml.Node, name string, budget *int) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if *budget--; n.Kind != yaml.MappingNode || *budget < 0 {
		return nil, nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if named(n.Content[i], name) {
			return n.Content[i], n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !IsMerge(n.Content[i]) {
			continue
		}
		merged := []*yaml.Node{n.Content[i+1]}
		if merged[0].Kind == yaml.SequenceNode {
			merged = merged[0].Content
		}
		for _, m := range merged {
			if key, value = member(m, name, budget); key != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

// named reports whether a key is called name in the object; an unquoted yes is called true there.
func named(key *yaml.Node, name string) bool {
	if key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	if key.Value == name {
		return true
	}
	text, err := Key(key)
	return (name == "true" || name == "false") && err == nil && text == name
}

// Literal reads the text of a literal block as the documents of YAML that it holds, each with the lines that it has in its file;
// nothing of any other node.
func Literal(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.ScalarNode || n.Style&yaml.LiteralStyle == 0 {
		return nil
	}
	docs, _ := Documents("", []byte(n.Value))
	for _, doc := range docs {
		each(doc, func(below *yaml.Node) { below.Line += n.Line })
	}
	return docs
}
