package helm

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestCharts renders a chart, which is loaded once, with values that turn its subchart off, import from it, and are changed by a
// template: each time as if it were the first.
func TestCharts(t *testing.T) {
	files := []tree.File{
		{Path: "Chart.yaml", Data: []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\ndependencies:\n" +
			"- {name: bulb, version: 1.0.0, condition: bulb.enabled, alias: light, import-values: [{child: color, parent: color}]}\n")},
		{Path: "values.yaml", Data: []byte("watts: {max: 5}\nbulb: {enabled: true}\n")},
		{Path: "templates/lamp.yaml", Data: []byte("max: {{ .Values.watts.max }}\ncolor: {{ .Values.color | toJson }}\n" +
			"{{ $_ := set .Values.watts \"max\" 7 }}{{ with .Values.color }}{{ $_ := set . \"of\" \"blue\" }}{{ end }}\n")},
		{Path: "charts/bulb/Chart.yaml", Data: []byte("apiVersion: v2\nname: bulb\nversion: 1.0.0\n")},
		{Path: "charts/bulb/values.yaml", Data: []byte("color: {of: red}\n")},
		{Path: "charts/bulb/templates/bulb.yaml", Data: []byte("of: {{ .Values.color.of }}\n{{ $_ := set .Values.color \"of\" \"green\" }}\n")},
	}
	charts := &Charts{}
	for _, enabled := range []bool{true, false, true, true} {
		r := Release{Name: "lamp", KubeVersion: "1.34.0", Values: map[string]any{"bulb": map[string]any{"enabled": enabled}}}
		want, err := Template(t.Context(), files, r)
		if err != nil {
			t.Fatal(err)
		}
		r.Charts, r.Content = charts, "lamp"
		got, err := Template(t.Context(), files, r)
		if err != nil {
			t.Fatal(err)
		}
		print := func(o Output) string {
			var text strings.Builder
			for _, d := range o.Documents {
				text.WriteString(d.String())
			}
			return text.String()
		}
		if print(got) != print(want) || strings.Contains(print(got), "of: red") != enabled {
			t.Errorf("enabled %v: got\n%s\nwant\n%s", enabled, print(got), print(want))
		}
	}
}
