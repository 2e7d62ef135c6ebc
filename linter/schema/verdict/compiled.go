package verdict

import (
	"bytes"
	"errors"
	"math"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiled is a schema as kubeconform compiles it, by the library that it does so with: what fits it kubeconform finds nothing
// wrong with, and need not be written as text for it and read again.
type compiled struct{ schema *jsonschema.Schema }

// compile compiles the schema that kubeconform finds in the file at path. Where that does not work the outcome knows of no object
// that it fits, and kubeconform says of each what is so.
func compile(path string, data []byte) compiled {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil || document == nil {
		return compiled{}
	}
	c := jsonschema.NewCompiler()
	c.RegisterFormat(&jsonschema.Format{Name: "duration", Validate: duration})
	c.UseLoader(nothing{})
	c.DefaultDraft(jsonschema.Draft4)
	if err := c.AddResource(path, document); err != nil {
		return compiled{}
	}
	schema, err := c.Compile(path)
	if err != nil {
		return compiled{}
	}
	return compiled{schema}
}

// fits reports whether an object surely fits. Where it does not, kubeconform is to be asked.
func (c compiled) fits(object map[string]any) bool {
	_, hasKind := object["kind"].(string)
	_, hasVersion := object["apiVersion"].(string)
	return c.schema != nil && hasKind && hasVersion && unchanged(object) && c.schema.Validate(object) == nil
}

// duration is the format of durations in as much as Go writes them. kubeconform takes others, too.
func duration(v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := time.ParseDuration(text)
	return err
}

// nothing loads nothing that a schema refers to.
type nothing struct{}

// Load implements jsonschema.URLLoader.
func (nothing) Load(string) (any, error) { return nil, errors.New("it is not loaded") }

// maxExact is the largest whole number up to which kubeconform, which reads each number as a float, tells all from their neighbours.
const maxExact = 1 << 53

// unchanged reports whether a value is the same once kubeconform has read it from text.
func unchanged(v any) bool {
	switch v := v.(type) {
	case nil, bool:
		return true
	case string:
		return utf8.ValidString(v)
	case int64:
		return -maxExact <= v && v <= maxExact
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case []any:
		for _, item := range v {
			if !unchanged(item) {
				return false
			}
		}
		return true
	case map[string]any:
		for name, field := range v {
			if !utf8.ValidString(name) || !unchanged(field) {
				return false
			}
		}
		return true
	}
	return false
}
