package argocd

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// reader fills values of Go from an object by the tags of their fields. A field called At is told where its struct stands.
type reader struct {
	resource manifest.Resource
	problems []manifest.Problem
}

// read fills what into points to from the field of an object. What is null or not there stays as it is.
func read(res manifest.Resource, into any, field string) []manifest.Problem {
	r := reader{resource: res}
	r.fill(reflect.ValueOf(into).Elem(), res.Object[field], manifest.Path{field})
	return r.problems
}

func (r *reader) fill(to reflect.Value, value any, at manifest.Path) {
	if value == nil {
		return
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		r.fill(to.Elem(), value, at)
	case reflect.Struct:
		if object, ok := value.(map[string]any); ok {
			r.fillStruct(to, object, at)
			return
		}
		r.mistyped(at, value, "object")
	case reflect.Slice:
		if list, ok := value.([]any); ok {
			to.Set(reflect.MakeSlice(to.Type(), len(list), len(list)))
			for i, item := range list {
				r.fill(to.Index(i), item, at.With(i))
			}
			return
		}
		r.mistyped(at, value, "array")
	case reflect.Map:
		if object, ok := value.(map[string]any); ok {
			r.fillMap(to, object, at)
			return
		}
		r.mistyped(at, value, "object")
	default:
		r.fillScalar(to, value, at)
	}
}

func (r *reader) fillStruct(to reflect.Value, object map[string]any, at manifest.Path) {
	for i := range to.NumField() {
		field := to.Type().Field(i)
		if field.Name == "At" {
			to.Field(i).Set(reflect.ValueOf(at))
			continue
		}
		name := field.Tag.Get("json")
		r.fill(to.Field(i), object[name], at.With(name))
	}
}

func (r *reader) fillMap(to reflect.Value, object map[string]any, at manifest.Path) {
	to.Set(reflect.MakeMapWithSize(to.Type(), len(object)))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value := reflect.New(to.Type().Elem()).Elem()
		r.fill(value, object[key], at.With(key))
		to.SetMapIndex(reflect.ValueOf(key), value)
	}
}

func (r *reader) fillScalar(to reflect.Value, value any, at manifest.Path) {
	given := reflect.ValueOf(value)
	if to.Kind() == reflect.Interface || given.Kind() == to.Kind() {
		to.Set(given.Convert(to.Type()))
		return
	}
	r.mistyped(at, value, typeNames[to.Kind()])
}

// typeNames are JSON's names of types.
var typeNames = map[reflect.Kind]string{
	reflect.String: "string", reflect.Bool: "boolean", reflect.Int64: "integer", reflect.Float64: "number", reflect.Slice: "array", reflect.Map: "object",
}

func (r *reader) mistyped(at manifest.Path, value any, want string) {
	r.tell(at, "%s: got %s, want %s", at, typeNames[reflect.ValueOf(value).Kind()], want)
}

func (r *reader) tell(at manifest.Path, message string, args ...any) {
	r.problems = append(r.problems, manifest.Problem{Place: r.resource.Place(at...), Message: fmt.Sprintf(message, args...)})
}

// list reads an annotation of several texts with commas between them, each once.
func (r *reader) list(annotation string) []string {
	var items []string
	for _, item := range strings.Split(r.annotation(annotation), ",") {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	return items
}

// annotation reads one of the object's annotations; empty where it has none of that name.
func (r *reader) annotation(name string) string {
	at := manifest.Path{"metadata", "annotations", name}
	value := manifest.Dig(r.resource.Object, at...)
	text, ok := value.(string)
	if !ok && value != nil {
		r.mistyped(at, value, "string")
	}
	return text
}
