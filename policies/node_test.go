package policies_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// node is a part of a JSON schema.
type node struct{ fields, definitions map[string]any }

// at is the part for what stands at a path, in which "*" and numbers are items, and "*" one of the fields, too.
func (n node) at(path string) (node, bool) {
	n = n.resolved()
	if path == "" {
		return n, true
	}
	step, rest, _ := strings.Cut(path, ".")
	properties, _ := n.fields["properties"].(map[string]any)
	if step == "*" && len(properties) > 0 {
		step = slices.Sorted(maps.Keys(properties))[0]
	}
	found, ok := properties[step].(map[string]any)
	if _, err := strconv.Atoi(step); err == nil || step == "*" {
		found, ok = n.fields["items"].(map[string]any)
	}
	if !ok {
		found, ok = n.fields["additionalProperties"].(map[string]any)
	}
	if !ok && n.isOpen() {
		return n, true
	}
	if !ok {
		return node{}, false
	}
	return node{found, n.definitions}.at(rest)
}

func (n node) resolved() node {
	for {
		ref, ok := n.fields["$ref"].(string)
		if !ok {
			return n
		}
		fields, _ := n.definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		n = node{fields, n.definitions}
	}
}

// isOpen says that what stands there may have any field.
func (n node) isOpen() bool {
	isScalar := slices.ContainsFunc([]string{"boolean", "integer", "number", "string"}, n.isOf)
	return n.fields["x-kubernetes-preserve-unknown-fields"] == true || !isScalar && n.fields["additionalProperties"] == nil
}

func (n node) isOf(kind string) bool { return slices.Contains(n.types(), kind) }

func (n node) types() []string {
	switch kinds := n.fields["type"].(type) {
	case string:
		return []string{kinds}
	case []any:
		var all []string
		for _, kind := range kinds {
			if text := fmt.Sprint(kind); text != "null" {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}

func (n node) properties() map[string]any {
	properties, _ := n.resolved().fields["properties"].(map[string]any)
	return properties
}

// shared are the fields that both have.
func (n node) shared(other node) (fields []string) {
	for _, field := range slices.Sorted(maps.Keys(n.properties())) {
		if other.properties()[field] != nil {
			fields = append(fields, field)
		}
	}
	return fields
}

// unlike says what a part has that is not as wanted: another type, or a field of an object that is not known. Items of lists,
// and containers, may have fields of their own, and images may be in parts.
func (n node) unlike(want node) string {
	n, want = n.resolved(), want.resolved()
	have, wanted := n.properties(), want.properties()
	isContainer := wanted["volumeMounts"] != nil
	if isContainer && n.isOf("array") {
		n, _ = n.at("*")
	}
	if want.isOf("string") && have["repository"] != nil && have["tag"] != nil {
		return ""
	}
	if a, b := n.types(), want.types(); len(a) > 0 && len(b) > 0 && !slices.Equal(a, b) {
		return fmt.Sprintf("is of %v, not of %v", a, b)
	}
	for field := range have {
		if wanted[field] == nil && len(wanted) > 0 && !isContainer {
			return fmt.Sprintf("has a field %q", field)
		}
	}
	return ""
}
