package schemas

import (
	"maps"
	"slices"
)

// Customs lists the kinds that a CustomResourceDefinition defines, one for each version that it serves. Parts of it
// that are malformed are left out. The objects' metadata is judged by the node metadata.
func Customs(crd map[string]any, metadata Node) []Entry {
	spec, _ := crd["spec"].(map[string]any)
	names, _ := spec["names"].(map[string]any)
	group, _ := spec["group"].(string)
	kind, _ := names["kind"].(string)
	scope, _ := spec["scope"].(string)
	versions, _ := spec["versions"].([]any)
	var entries []Entry
	for _, v := range versions {
		version, _ := v.(map[string]any)
		name, _ := version["name"].(string)
		openAPI, ok := dig(version, "schema", "openAPIV3Schema").(map[string]any)
		if name == "" || version["served"] == false || !ok {
			continue // without a schema the API server takes no definition
		}
		entries = append(entries, Entry{
			Kind: Kind{Group: group, Version: name, Kind: kind, Scope: Scope(scope)},
			Node: customRoot(openAPI, metadata),
		})
	}
	return entries
}

// customRoot makes the node of the objects of a version, whose schema it is given.
func customRoot(openAPI map[string]any, metadata Node) Node {
	n := Normalise(openAPI)
	properties, _ := n["properties"].(Node)
	properties = maps.Clone(properties)
	if properties == nil {
		properties = Node{}
	}
	properties["apiVersion"] = Node{"type": "string"}
	properties["kind"] = Node{"type": "string"}
	properties["metadata"] = metadata
	n["properties"] = properties
	n["type"] = "object"
	return n
}

// taken are the keywords that a node takes over as they are.
var taken = map[string]bool{
	"type": true, "enum": true, "pattern": true, "format": true, "nullable": true,
	"properties": true, "required": true, "additionalProperties": true, "minProperties": true, "maxProperties": true,
	"items": true, "minItems": true, "maxItems": true, "uniqueItems": true,
	"minimum": true, "maximum": true, "exclusiveMinimum": true, "exclusiveMaximum": true, "multipleOf": true,
	"minLength": true, "maxLength": true,
	"allOf": true, "anyOf": true, "oneOf": true, "not": true,
	"repeats": true, "default": true,
}

// Normalise makes a node of a schema as the API server holds it (OpenAPI v3 with its x-kubernetes keywords): one that
// is closed, judges an object after defaults are filled in, and that every compiler of JSON schemas takes.
func Normalise(openAPI map[string]any) Node { return normalise(openAPI, structural) }

// part says which part of a schema a node is. In the alternatives unknown fields are not judged: they only add to what
// the structure around them says.
type part int

const (
	structural part = iota
	alternative
)

func normalise(s map[string]any, at part) Node {
	n := rebuild(take(s), func(keyword, _ string, child Node) Node {
		switch keyword {
		case "allOf", "anyOf", "oneOf", "not":
			return normalise(child, alternative)
		}
		return normalise(child, at)
	})
	if s["x-kubernetes-int-or-string"] == true {
		intOrString(n)
	}
	bound(n)
	if at == structural {
		closeNode(n, s)
	}
	mendLists(n)
	return n
}

// take copies the keywords that we judge by.
func take(s map[string]any) Node {
	n := make(Node, len(s))
	for keyword, value := range s {
		_, isName := value.(Name)
		if taken[keyword] || isName {
			n[keyword] = value
		}
	}
	if keys, ok := s["x-kubernetes-list-map-keys"].([]any); ok {
		n["keys"] = keys
	}
	if rules, ok := s["x-kubernetes-validations"].([]any); ok {
		n["rules"] = rules
	}
	switch s["x-kubernetes-list-type"] {
	case "set":
		n["set"] = true
	case "atomic":
		n["atomic"] = true
	}
	if n["nullable"] != true {
		delete(n, "nullable")
	}
	return n
}

// intOrString replaces the two ways in which schemas say this.
func intOrString(n Node) {
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "format"} {
		delete(n, keyword)
	}
	n["type"] = []any{"integer", "string"}
}

// bound says with bounds what a format says of a number, and drops the formats that say no more than the type.
func bound(n Node) {
	switch n["format"] {
	case "int32":
		delete(n, "format")
		if n["minimum"] == nil {
			n["minimum"] = int64(-1 << 31)
		}
		if n["maximum"] == nil {
			n["maximum"] = int64(1<<31 - 1)
		}
	case "int64", "double", "float", "", "string", "int-or-string", "password", "binary":
		delete(n, "format")
	}
}

// closeNode refuses fields that n does not name, as far as the API server does.
func closeNode(n Node, s map[string]any) {
	if s["x-kubernetes-embedded-resource"] == true {
		n["type"] = "object"
		required, _ := n["required"].([]any)
		n["required"] = append(slices.Clone(required), "apiVersion", "kind")
		return
	}
	_, named := n["properties"]
	_, additional := n["additionalProperties"]
	if named && !additional && s["x-kubernetes-preserve-unknown-fields"] != true {
		n["additionalProperties"] = false
	}
}

// mendLists takes out what JSON schema, draft 4, does not allow in a schema though the API server does.
func mendLists(n Node) {
	for _, keyword := range []string{"required", "enum"} {
		if list, ok := n[keyword].([]any); ok {
			setList(n, keyword, list)
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list, ok := n[keyword].([]any); ok && len(list) == 0 {
			delete(n, keyword)
		}
	}
	for limit, exclusive := range map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"} {
		if _, ok := n[limit]; !ok {
			delete(n, exclusive)
		}
	}
}
