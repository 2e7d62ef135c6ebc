package blueprint

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
)

// SchemaFile is where a generated repository keeps the JSON Schema of its spec, for editors.
const SchemaFile = ".gitopsgen/spec.schema.json"

// JSONSchema writes the JSON Schema (draft 7) of gitopsgen.yaml. Its bytes are the same on every call.
func JSONSchema() []byte {
	schema := schemaOf(reflect.TypeFor[Spec](), "")
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = SpecFile
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		panic(err) // maps of strings always encode
	}
	return b.Bytes()
}

// schemaOf describes values of the type t, of a field with the tag given.
func schemaOf(t reflect.Type, tag reflect.StructTag) map[string]any {
	schema := map[string]any{}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), tag)
	case reflect.Struct:
		schema = structSchema(t)
		if t == reflect.TypeFor[Capability]() {
			schema = map[string]any{"oneOf": []any{map[string]any{"type": "string"}, schema}}
		}
	case reflect.Map:
		schema["type"] = "object"
		schema["additionalProperties"] = schemaOf(t.Elem(), tag)
	case reflect.Slice:
		schema["type"] = "array"
		schema["items"] = schemaOf(t.Elem(), tag)
	case reflect.Bool:
		schema["type"] = "boolean"
	case reflect.Int:
		schema["type"], schema["minimum"], schema["maximum"] = "integer", 1, math.MaxUint32
	case reflect.String:
		schema["type"] = "string"
		if enum := tag.Get("enum"); enum != "" {
			schema["enum"] = strings.Split(enum, ",")
		}
		if name := tag.Get("format"); name != "" {
			schema["pattern"] = formats[name].pattern
		}
	}
	return schema
}

func structSchema(t reflect.Type) map[string]any {
	properties := map[string]any{}
	var required []string
	for _, f := range fieldsOf(t) {
		property := schemaOf(f.typ, f.tag)
		property["description"] = f.tag.Get("doc")
		properties[f.name] = property
		if f.required {
			required = append(required, f.name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}
