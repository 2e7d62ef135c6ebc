package blueprint

import (
	"encoding/json"
	"reflect"
	"strings"
)

// evaluated is the spec as blueprints see it, by the tag jsonnet of each field: always there, an empty list or mapping where
// nothing is set; there where it is set; or never.
func evaluated(spec Spec) any { return encode(reflect.ValueOf(spec)) }

func encode(v reflect.Value) any {
	if _, own := v.Interface().(json.Marshaler); own {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Struct:
		return encodeFields(v)
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = encode(v.Index(i))
		}
		return list
	case reflect.Map:
		fields := map[string]any{}
		for key, value := range v.Seq2() {
			fields[key.String()] = encode(value)
		}
		return fields
	case reflect.Pointer:
		if !v.IsNil() {
			return encode(v.Elem())
		}
		return nil
	}
	return v.Interface()
}

func encodeFields(v reflect.Value) map[string]any {
	fields := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch f.Tag.Get("jsonnet") {
		case "always":
			fields[name] = encode(v.Field(i))
		case "set":
			if !saysNothing(v.Field(i)) {
				fields[name] = encode(v.Field(i))
			}
		}
	}
	return fields
}

// saysNothing reports whether a field says nothing: it is zero, or has no elements.
func saysNothing(v reflect.Value) bool {
	if v.Kind() == reflect.Map || v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}
