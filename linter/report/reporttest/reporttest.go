// Package reporttest holds reports in JSON against their published schema, in tests.
package reporttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Check holds a report against a schema, and wants it to have no field that the schema does not document: readers must pass
// over such fields, we must not write them.
func Check(schema, report []byte) error {
	s, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if open := shut("schema", s, false); len(open) > 0 {
		return fmt.Errorf("no description: %s", strings.Join(open, ", "))
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.json", s); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	compiled, err := compiler.Compile("report.json")
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(report))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return compiled.Validate(value)
}

// shut makes every object of a schema refuse fields that it does not know, and names the fields without a description. What is
// shared is shut where it is used.
func shut(name string, schema any, shared bool) (undescribed []string) {
	s, ok := schema.(map[string]any)
	if !ok {
		return nil
	}
	ref, _ := s["$ref"].(string)
	properties, _ := s["properties"].(map[string]any)
	if !shared && (properties != nil || ref != "" && ref != "#/$defs/severity") {
		s["unevaluatedProperties"] = false
	}
	for key, field := range properties {
		if f, _ := field.(map[string]any); f["description"] == nil {
			undescribed = append(undescribed, name+"."+key)
		}
		undescribed = append(undescribed, shut(name+"."+key, field, false)...)
	}
	defs, _ := s["$defs"].(map[string]any)
	for key, def := range defs {
		undescribed = append(undescribed, shut(key, def, true)...)
	}
	return append(undescribed, shut(name+"[]", s["items"], false)...)
}
