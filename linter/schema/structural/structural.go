// Package structural knows what the definition of a kind says besides the shape of its objects: the defaults of fields, and the
// rules in CEL (x-kubernetes-validations) that the API server judges an object by once the defaults are filled in.
//
// It knows schemas as this program makes them, JSON schemas of draft 4 that keep some of Kubernetes' keywords, and nothing of
// findings.
package structural

import (
	"slices"
	"strings"

	"k8s.io/apiserver/pkg/cel/common"
)

// Schema is what the objects of a kind are made of. It may be used by several goroutines at once.
type Schema struct{ root *node }

// node is a schema with what it refers to in its place, which may be one that it stands in. Of its alternatives it knows nothing.
type node struct {
	common.Schema // what nobody asks of a value's schema

	kind, format string
	properties   map[string]common.Schema
	values       *node
	items        *node
	required     map[string]bool
	standard     any // the default
	keys         []string
	rules        []*rule

	hasDefault, nullable, intOrString, open, set bool
	// judges says that there are rules, here or below.
	judges bool
}

// Read reads a schema. One that has neither defaults nor rules is nil: there is nothing to do by it.
func Read(root map[string]any) *Schema {
	r := reader{known: map[string]*node{}}
	r.definitions, _ = root["definitions"].(map[string]any)
	n := r.read(root)
	if !r.found {
		return nil
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(r.all) { // what is below first, so that depth adds no turns
			if !n.judges && n.hasJudge() {
				n.judges, changed = true, true
			}
		}
	}
	return &Schema{n}
}

// Judges reports whether there are rules in the schema, which may be nil.
func (s *Schema) Judges() bool { return s != nil && s.root.judges }

// hasJudge reports whether there are rules in a schema, or in one right below it that says so.
func (n *node) hasJudge() bool {
	if len(n.rules) > 0 || n.values != nil && n.values.judges || n.items != nil && n.items.judges {
		return true
	}
	for _, p := range n.properties {
		if p, ok := p.(*node); ok && p.judges {
			return true
		}
	}
	return false
}

type reader struct {
	definitions map[string]any
	known       map[string]*node // by the names of definitions
	all         []*node
	found       bool // a default or a rule
}

// read reads a schema.
func (r *reader) read(s map[string]any) *node {
	n := &node{}
	r.all = append(r.all, n)
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			break
		}
		name := strings.TrimPrefix(ref, "#/definitions/")
		if known, ok := r.known[name]; ok {
			return known
		}
		r.known[name] = n
		s, _ = r.definitions[name].(map[string]any)
	}
	r.fill(n, s)
	return n
}

func (r *reader) fill(n *node, s map[string]any) {
	n.kind, n.intOrString = typeOf(s["type"])
	n.format, _ = s["format"].(string)
	n.nullable = s["nullable"] == true
	n.set = s["uniqueItems"] == true
	n.standard, n.hasDefault = s["default"]
	n.standard = exact(n.standard)
	n.keys = stringsIn(s["x-kubernetes-list-map-keys"])
	n.required = map[string]bool{}
	for _, name := range stringsIn(s["required"]) {
		n.required[name] = true
	}
	if rules, ok := s["x-kubernetes-validations"].([]any); ok {
		n.rules = readRules(rules)
	}
	r.found = r.found || n.hasDefault || len(n.rules) > 0
	properties, _ := s["properties"].(map[string]any)
	for name, p := range properties {
		if p, ok := p.(map[string]any); ok {
			if n.properties == nil {
				n.properties = make(map[string]common.Schema, len(properties))
			}
			n.properties[name] = r.read(p)
		}
	}
	if values, ok := s["additionalProperties"].(map[string]any); ok {
		n.values = r.read(values)
	}
	if items, ok := s["items"].(map[string]any); ok {
		n.items = r.read(items)
	}
	n.open = s["additionalProperties"] != false && n.values == nil && n.kind != "array"
}

// typeOf reads the type of a schema, in which null may be one of several.
func typeOf(t any) (kind string, intOrString bool) {
	switch t := t.(type) {
	case string:
		return t, false
	case []any:
		kinds := slices.DeleteFunc(stringsIn(t), func(kind string) bool { return kind == "null" })
		if len(kinds) == 1 {
			return kinds[0], false
		}
		return "", slices.Contains(kinds, "integer") && slices.Contains(kinds, "string")
	}
	return "", false
}

func stringsIn(list any) (all []string) {
	items, _ := list.([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// property gives the schema of a field; nil says nothing of it.
func (n *node) property(name string) *node {
	if p, ok := n.properties[name].(*node); ok {
		return p
	}
	return n.values
}

// The methods that CEL asks a value's schema with, and no others.

func (n *node) Type() string                         { return n.kind }
func (n *node) Format() string                       { return n.format }
func (n *node) Nullable() bool                       { return n.nullable }
func (n *node) Properties() map[string]common.Schema { return n.properties }
func (n *node) IsXIntOrString() bool                 { return n.intOrString }
func (n *node) IsXEmbeddedResource() bool            { return false }
func (n *node) IsXPreserveUnknownFields() bool       { return n.open }
func (n *node) XListMapKeys() []string               { return n.keys }

func (n *node) Items() common.Schema {
	if n.items == nil {
		return &node{open: true}
	}
	return n.items
}

func (n *node) AdditionalProperties() common.SchemaOrBool {
	if n.values == nil {
		return nil
	}
	return values{n.values}
}

func (n *node) XListType() string {
	switch {
	case len(n.keys) > 0:
		return "map"
	case n.set:
		return "set"
	}
	return "atomic"
}

// values are those of a map.
type values struct{ *node }

func (v values) Schema() common.Schema { return v.node }
func (v values) Allows() bool          { return true }
