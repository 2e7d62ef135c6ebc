package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/schemas"
)

const kustomizeModule = "sigs.k8s.io/kustomize/api"

// kustomizeKinds lists kustomize's own kinds, read from the Go types of the module that is linked in, which must be
// version.
func kustomizeKinds(version string) ([]schemas.Entry, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil, errors.New("the program does not know what it is built from")
	}
	for _, d := range info.Deps {
		if d.Path == kustomizeModule && d.Version != version {
			return nil, fmt.Errorf("go.mod has %s: sources.json says %s", d.Version, version)
		}
	}
	node := schemas.Normalise(schemaOf(reflect.TypeFor[types.Kustomization](), nil))
	group := "kustomize.config.k8s.io"
	return []schemas.Entry{
		{Kind: schemas.Kind{Group: group, Version: "v1alpha1", Kind: "Component"}, Node: node},
		{Kind: schemas.Kind{Group: group, Version: "v1beta1", Kind: "Kustomization"}, Node: node},
	}, nil
}

// schemaOf makes the schema of a Go type as encoding/json reads it. Types that contain themselves, above lists those
// that we are in, are open.
func schemaOf(t reflect.Type, above []reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), above)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), above)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), above)}
	case reflect.Struct:
		for _, a := range above {
			if a == t {
				return map[string]any{"type": "object"}
			}
		}
		properties := map[string]any{}
		addFields(properties, t, append(above, t))
		return map[string]any{"type": "object", "properties": properties}
	default:
		return map[string]any{}
	}
}

// addFields adds the schemas of a struct's fields, those of embedded structs among them.
func addFields(properties map[string]any, t reflect.Type, above []reflect.Type) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		if tag == "" {
			tag = f.Tag.Get("yaml")
		}
		name, options, _ := strings.Cut(tag, ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case name == "-":
		case f.Anonymous && embedded.Kind() == reflect.Struct && (name == "" || strings.Contains(options, "inline")):
			addFields(properties, embedded, above)
		case !f.IsExported():
		case name == "":
			properties[f.Name] = schemaOf(f.Type, above)
		default:
			properties[name] = schemaOf(f.Type, above)
		}
	}
}
