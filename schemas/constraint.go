package schemas

import "strings"

// assign is a kind in whose spec.match objects are chosen as in that of a constraint: Gatekeeper makes both of one type.
var assign = [2]string{"mutations.gatekeeper.sh/v1", "Assign"}

// templateVersion gives the version of a ConstraintTemplate of Gatekeeper's; ok is false for other objects.
func templateVersion(object map[string]any) (version string, ok bool) {
	apiVersion, _ := object["apiVersion"].(string)
	version, ok = strings.CutPrefix(apiVersion, "templates.gatekeeper.sh/")
	return version, ok && object["kind"] == "ConstraintTemplate"
}

// Constraints lists the kind that a ConstraintTemplate defines, in the versions in which Gatekeeper serves it. The objects' metadata
// and spec.match are judged by the nodes of these names.
func Constraints(template map[string]any, metadata, match Node) []Entry {
	text := map[string]any{"type": "string"}
	fields := map[string]any{
		"enforcementAction": text,
		"scopedEnforcementActions": listOf(map[string]any{
			"action": text, "enforcementPoints": listOf(map[string]any{"name": text}),
		}),
	}
	if parameters, ok := parametersOf(template); ok {
		fields["parameters"] = parameters
	}
	spec := Normalise(map[string]any{"type": "object", "properties": fields})
	spec["properties"].(Node)["match"] = match
	root := customRoot(map[string]any{"properties": map[string]any{}}, metadata)
	properties := root["properties"].(Node)
	properties["spec"], properties["status"] = spec, Node{"type": "object"}
	kind, _ := dig(template, "spec", "crd", "spec", "names", "kind").(string)
	var entries []Entry
	for _, version := range []string{"v1beta1", "v1alpha1"} {
		entries = append(entries, Entry{Kind: Kind{Group: "constraints.gatekeeper.sh", Version: version, Kind: kind, Scope: Cluster}, Node: root})
	}
	return entries
}

func listOf(properties map[string]any) map[string]any {
	return map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": properties}}
}

// parametersOf gives the schema of a constraint's parameters; ok is false where it has none. One of the old kind, which is the
// default before v1, closes nothing.
func parametersOf(template map[string]any) (schema map[string]any, ok bool) {
	validation, _ := dig(template, "spec", "crd", "spec", "validation").(map[string]any)
	schema, ok = validation["openAPIV3Schema"].(map[string]any)
	old, said := validation["legacySchema"].(bool)
	if version, _ := templateVersion(template); !said {
		old = version != "v1"
	}
	if old {
		return opened(schema), true
	}
	return schema, ok
}

// opened copies a schema with all its objects open.
func opened(schema map[string]any) Node {
	n := rebuild(schema, func(_, _ string, child Node) Node { return opened(child) })
	if n["type"] == nil || n["type"] == "object" {
		n["x-kubernetes-preserve-unknown-fields"] = true
	}
	return n
}

// dig gives the value at a path of fields; nil where nothing is there.
func dig(v any, path ...string) any {
	for _, field := range path {
		m, _ := v.(map[string]any)
		v = m[field]
	}
	return v
}
