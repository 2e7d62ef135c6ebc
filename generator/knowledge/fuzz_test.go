package knowledge_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// FuzzOf wants any template and schema to be read without a panic.
func FuzzOf(f *testing.F) {
	f.Add("{{ define \"a\" }}{{ .v.y }}{{ end }}{{ include \"a\" (dict \"v\" .Values.x) }}", `{"properties": {"a": {"$ref": "#/properties/a"}}}`)
	f.Add("{{ range $k, $v := .Values }}{{ set $v $k (list $ | first) }}{{ end }}", `{"allOf": [{"$ref": "x"}]}`)
	f.Add("{{ printf }}{{ index }}{{ dict 1 }}{{ pick }}{{ get }}{{ dig 1 }}{{ include }}{{ tpl }}{{ merge }}{{ concat }}{{ first }}", "[")
	f.Fuzz(func(t *testing.T, template, schema string) {
		unknown(of(t, template, tree.File{Path: "values.schema.json", Data: []byte(schema)}), "own: {b: 1}\nx: {y: 1}\n")
	})
}
