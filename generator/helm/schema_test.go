package helm

import (
	"context"
	"errors"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestSchemas renders a chart with values that fit its schema and with others, with schemas that are kept from one rendering to the next.
func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, schema, answer string
		wantAsked            int
	}{
		{"of its own", `{"properties":{"a":{"type":"string"}}}`, "", 0},
		{"of elsewhere", `{"$ref":"https://schemas.example.org/a.json"}`, `{"properties":{"a":{"type":"string"}}}`, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := []tree.File{
				{Path: "Chart.yaml", Data: []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\n")},
				{Path: "values.schema.json", Data: []byte(test.schema)},
			}
			asked := 0
			r := Release{Name: "lamp", KubeVersion: "1.34.0", Charts: &Charts{}, Fetch: func(context.Context, string) ([]byte, error) {
				asked++
				return []byte(test.answer), nil
			}}
			for _, value := range []any{"fits", 1, "fits"} {
				r.Values = map[string]any{"a": value}
				_, err := Template(t.Context(), files, r)
				if _, fits := value.(string); fits != (err == nil) || !fits && !errors.As(err, new(SchemaError)) {
					t.Errorf("%v: got %v", value, err)
				}
			}
			if asked != test.wantAsked {
				t.Errorf("asked %d times, want %d: what is elsewhere may have changed", asked, test.wantAsked)
			}
		})
	}
}
