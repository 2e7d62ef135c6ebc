package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"

	strimzi "github.com/scholzj/strimzi-go/pkg/apis/kafka.strimzi.io/v1"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// typed are the kinds of which only Go types tell, by module. The modules are linked in.
var typed = map[string]map[schemas.Kind]reflect.Type{
	"sigs.k8s.io/kustomize/api": {
		{Group: "kustomize.config.k8s.io", Version: "v1alpha1", Kind: "Component"}:    reflect.TypeFor[types.Kustomization](),
		{Group: "kustomize.config.k8s.io", Version: "v1beta1", Kind: "Kustomization"}: reflect.TypeFor[types.Kustomization](),
	},
	"github.com/scholzj/strimzi-go": {
		inStrimzi("Kafka"):             reflect.TypeFor[strimzi.Kafka](),
		inStrimzi("KafkaBridge"):       reflect.TypeFor[strimzi.KafkaBridge](),
		inStrimzi("KafkaConnect"):      reflect.TypeFor[strimzi.KafkaConnect](),
		inStrimzi("KafkaConnector"):    reflect.TypeFor[strimzi.KafkaConnector](),
		inStrimzi("KafkaMirrorMaker2"): reflect.TypeFor[strimzi.KafkaMirrorMaker2](),
		inStrimzi("KafkaNodePool"):     reflect.TypeFor[strimzi.KafkaNodePool](),
		inStrimzi("KafkaRebalance"):    reflect.TypeFor[strimzi.KafkaRebalance](),
		inStrimzi("KafkaTopic"):        reflect.TypeFor[strimzi.KafkaTopic](),
		inStrimzi("KafkaUser"):         reflect.TypeFor[strimzi.KafkaUser](),
	},
}

func inStrimzi(kind string) schemas.Kind {
	return schemas.Kind{Group: "kafka.strimzi.io", Version: "v1", Kind: kind, Scope: schemas.Namespaced}
}

// isLinked says why a module of typed is not linked in in the pinned version.
func isLinked(s source) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("the program does not know what it is built from")
	}
	for _, d := range info.Deps {
		if d.Path == s.Module && d.Version != s.Version {
			return fmt.Errorf("go.mod has %s: sources.json says %s", d.Version, s.Version)
		}
	}
	return nil
}

// readTypes lists the kinds of a module of typed.
func readTypes(s source, newest core) ([]schemas.Entry, error) {
	if err := isLinked(s); err != nil {
		return nil, err
	}
	var entries []schemas.Entry
	for kind, t := range typed[s.Module] {
		node := schemas.Normalise(reader{newest}.schemaOf(t, nil))
		if kind.Scope != schemas.NoScope {
			properties, _ := node["properties"].(schemas.Node)
			properties["metadata"] = newest.metadata
		}
		entries = append(entries, schemas.Entry{Kind: kind, Node: node})
	}
	return entries, newest.resolver.err
}

// reader reads schemas off Go types. What Kubernetes' own types look like it knows from elsewhere.
type reader struct{ core }

// schemaOf makes the schema of a Go type as encoding/json reads it. Types that contain themselves, above lists those
// that we are in, are open.
func (r reader) schemaOf(t reflect.Type, above []reflect.Type) map[string]any {
	if strings.HasPrefix(t.PkgPath(), "k8s.io/") && t.Name() != "TypeMeta" {
		return r.resolver.definition(definitionName(t.PkgPath(), t.Name()))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return r.schemaOf(t.Elem(), above)
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
		return map[string]any{"type": "array", "items": r.schemaOf(t.Elem(), above)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": r.schemaOf(t.Elem(), above)}
	case reflect.Struct:
		for _, a := range above {
			if a == t {
				return map[string]any{"type": "object"}
			}
		}
		properties := map[string]any{}
		r.addFields(properties, t, append(above, t))
		return map[string]any{"type": "object", "properties": properties}
	default:
		return map[string]any{}
	}
}

// addFields adds the schemas of a struct's fields, those of embedded structs among them.
func (r reader) addFields(properties map[string]any, t reflect.Type, above []reflect.Type) {
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
			r.addFields(properties, embedded, above)
		case !f.IsExported():
		case name == "":
			properties[f.Name] = r.schemaOf(f.Type, above)
		default:
			properties[name] = r.schemaOf(f.Type, above)
		}
	}
}
