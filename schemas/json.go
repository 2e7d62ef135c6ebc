package schemas

import (
	"encoding/json"
	"fmt"
	"slices"
)

// jsonSchema makes the JSON schema of the node on a line. What it refers to becomes definitions, because compilers of
// schemas are slow with large ones that repeat themselves.
func jsonSchema(ns *nodes, line int) ([]byte, error) {
	n, err := ns.node(line)
	if err != nil {
		return nil, err
	}
	d := &document{nodes: ns, definitions: Node{}}
	root := d.schema(n, refuseNull)
	if d.err != nil {
		return nil, d.err
	}
	if len(d.definitions) > 0 {
		root["definitions"] = d.definitions
	}
	return json.Marshal(root)
}

// document is a JSON schema in the making.
type document struct {
	nodes       *nodes
	definitions Node
	err         error
}

// null says what becomes of a null in some place. The API server drops one where a field may be left out.
type null int

const (
	refuseNull null = iota
	dropNull
)

// schema makes the schema of a node.
func (d *document) schema(n Node, null null) Node {
	required, _ := n["required"].([]any)
	out := rebuild(n, func(keyword, name string, child Node) Node {
		if keyword == "additionalProperties" || keyword == "properties" && !slices.Contains(required, any(name)) {
			return d.child(child, dropNull)
		}
		return d.child(child, refuseNull)
	})
	if keys, ok := out["keys"]; ok && out["repeats"] != true {
		out["x-kubernetes-list-map-keys"] = keys
	}
	if out["set"] == true {
		out["uniqueItems"] = true
	}
	if rules, ok := out["rules"]; ok {
		out["x-kubernetes-validations"] = rules
	}
	if null == dropNull || out["nullable"] == true {
		allowNull(out)
	}
	for _, ours := range []string{"keys", "repeats", "set", "atomic", "rules"} {
		delete(out, ours)
	}
	return out
}

func (d *document) child(n Node, null null) Node {
	line, err := lineOf(n)
	if err != nil {
		d.err = err
		return nil
	}
	if line < 0 {
		return d.schema(n, null)
	}
	n, err = d.nodes.node(line)
	if err != nil {
		d.err = err
		return nil
	}
	name := fmt.Sprintf("n%d", line)
	if null == dropNull && n["nullable"] != true {
		name += "-or-null"
	}
	if _, ok := d.definitions[name]; !ok {
		d.definitions[name] = nil // so that a node which contains itself ends here
		d.definitions[name] = d.schema(n, null)
	}
	return Node{"$ref": "#/definitions/" + name}
}

// allowNull makes null a value of n.
func allowNull(n Node) {
	switch t := n["type"].(type) {
	case string:
		n["type"] = []any{t, "null"}
	case []any:
		setList(n, "type", append(slices.Clone(t), "null"))
	}
	if values, ok := n["enum"].([]any); ok {
		setList(n, "enum", append(slices.Clone(values), nil))
	}
}
