package verdict

import (
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// value is a value in an object, and the part of the schema that judges it.
type value struct {
	path   manifest.Path
	value  any
	schema map[string]any
	// secret values must not be shown.
	secret bool
}

// locate finds the value that a JSON pointer points to.
func locate(pointer string, object map[string]any) value {
	path := manifest.PointerPath(pointer, object)
	return value{path: path, value: manifest.Dig(object, path...), secret: object["kind"] == "Secret"}
}

// Show writes a value for a message, in sixty characters at most.
func Show(v any) string { return value{value: v}.show() }

func (v value) show() string {
	const longest = 60
	if v.secret {
		return "a secret value"
	}
	text, err := escape.Value(v.value)
	if err != nil {
		return typeOf(v.value)
	}
	if utf8.RuneCountInString(text) > longest {
		return string([]rune(text)[:longest]) + "…"
	}
	return text
}
