package knowledge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/knowledge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// of is what a chart knows that has a template, and own values besides.
func of(t testing.TB, template string, more ...tree.File) knowledge.Chart {
	t.Helper()
	c, err := helm.Load(append(more,
		tree.File{Path: "Chart.yaml", Data: []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\n")},
		tree.File{Path: "values.yaml", Data: []byte("own: {a: 1}\nfree: {}\n")},
		tree.File{Path: "templates/lamp.yaml", Data: []byte(template)},
	))
	if err != nil {
		t.Fatal(err)
	}
	return knowledge.Of(c, "{{ .Values.text }}")
}

// unknown names the values in a text that a chart does not know.
func unknown(c knowledge.Chart, text string) string {
	l := values.Layer{Rule: values.OverAsHelm}
	l.Read("values.yaml", []byte(text))
	var names []string
	for _, v := range c.Unknown([]values.Layer{l}) {
		names = append(names, v.Path.String())
	}
	return strings.Join(names, " ")
}

// TestReads goes through the ways in which templates come by values.
func TestReads(t *testing.T) {
	const given = "own: {a: 1, b: 2}\nx: {k: 1, z: 2}\n"
	for template, want := range map[string]string{
		"":                                               "own.b x",
		"{{ .Values.x.k }}":                              "own.b x.z",
		"{{ $.Values.x.k }}":                             "own.b x.z",
		"{{ if .Values.x.k }}{{ end }}":                  "own.b x.z",
		"{{ with .Values.x }}{{ .k }}{{ end }}":          "own.b x.z",
		"{{ with .Values }}{{ .x.k }}{{ end }}":          "own.b x.z",
		"{{ $x := .Values.x }}{{ $x.k }}":                "own.b x.z",
		"{{ $x := dict }}{{ $x = .Values.x }}{{ $x.k }}": "own.b x.z",
		"{{ $x := dict }}{{ range list 1 2 }}{{ $x.k }}{{ $x = $.Values.x }}{{ end }}":          "own.b x.z",
		"{{ (.Values.x | default dict).k }}":                                                    "own.b x.z",
		"{{ (index .Values \"x\").k }}":                                                         "own.b x.z",
		"{{ index .Values \"x\" \"k\" }}":                                                       "own.b x.z",
		"{{ get .Values.x \"k\" }}":                                                             "own.b x.z",
		"{{ dig \"x\" \"k\" \"none\" .Values.AsMap }}":                                          "own.b x.z",
		"{{ hasKey .Values.x \"k\" }}":                                                          "own.b x.z",
		"{{ first (pluck \"k\" .Values.x) }}":                                                   "own.b x.z",
		"{{ toYaml (pick .Values.x \"k\") }}":                                                   "own.b x.z",
		"{{ range list \"k\" }}{{ index $.Values.x . }}{{ end }}":                               "own.b x.z",
		"{{ range split \".\" \"x.k\" }}{{ $v := index $.Values . }}{{ end }}{{ .Values.x.k }}": "own.b x.z",
		"{{ define \"a\" }}{{ .k }}{{ end }}{{ template \"a\" .Values.x }}":                     "own.b x.z",
		"{{ define \"a\" }}{{ .v.k }}{{ end }}{{ include \"a\" (dict \"v\" .Values.x) }}":       "own.b x.z",
		"{{ define \"a\" }}{{ (index . 1).k }}{{ end }}{{ include \"a\" (list $ .Values.x) }}":  "own.b x.z",
		"{{ define \"a\" }}{{ .k }}{{ end }}{{ include (printf \"%s\" \"a\") .Values.x }}":      "own.b x.z",
		"{{ define \"a\" }}{{ .k }}{{ end }}{{ include .Release.Name .Values.x }}":              "own.b x.z",
		"{{ define \"a\" }}{{ .Values.x.k }}{{ end }}":                                          "own.b x",
		"{{ $d := dict }}{{ $_ := set $d \"c\" . }}{{ $d.c.Values.x.k }}":                       "own.b x.z",
		"{{ toYaml .Values.x | sha256sum }}{{ .Values.x.k }}":                                   "own.b x.z",
		"{{ tpl \"{{ .Values.x.k }}\" . }}":                                                     "own.b x.z",
		"{{ toYaml .Values.x }}":                                                                "own.b",
		"{{ range $k, $v := .Values.x }}{{ end }}":                                              "own.b",
		"{{ index .Values.x .Release.Name }}":                                                   "own.b",
		"{{ toYaml (omit .Values.x \"k\") }}":                                                   "own.b",
		"{{ $d := dict }}{{ $_ := set $d \"c\" .Values.x }}{{ $d.c.k }}":                        "own.b",
		"{{ $d := dict }}{{ $_ := merge $d .Values.x }}{{ $d.k }}":                              "own.b",
		"{{ define \"a\" }}{{ toYaml . }}{{ end }}{{ include \"a\" .Values.x }}":                "own.b",
		"{{ include \"nowhere\" .Values.x }}":                                                   "own.b",
		"{{ toYaml .Values }}":                                                                  "",
		"{{ $_ := set . \"Values\" (deepCopy .Values) }}":                                       "",
		"{{ index .Values .Release.Name }}":                                                     "",
		"{{ tpl (printf \"{{ .Values.%s }}\" .Release.Name) . }}":                               "",
	} {
		if got := unknown(of(t, template), given); got != want {
			t.Errorf("%s: got %q, want %q", template, got, want)
		}
	}
}

// TestSilence states what is not told of values, whatever a chart knows.
func TestSilence(t *testing.T) {
	for _, given := range []string{
		"free: {a: {b: 1}}", "own: 1", "own: {a: {b: 1}}", "text: {a: 1}", "sops: {mac: x}", "global: {a: 1}", "'{{name}}': 1", "mine: &mine {a: 1}\nfree: *mine",
		"mine: [{a: &mine 1}]\nfree: {b: *mine}", "free: &a {b: 1}\nown:\n  <<: *a", "[]", "", "own: *a",
	} {
		if got := unknown(of(t, ""), given); got != "" {
			t.Errorf("%s: got %q", given, got)
		}
	}
	if got := (knowledge.Chart{}).Unknown([]values.Layer{{Key: "a.b", Rule: values.Set}}); len(got) > 0 {
		t.Errorf("of no chart: got %v", got)
	}
}

// TestParameters states that a parameter is read as Helm reads it, and stands where it is named.
func TestParameters(t *testing.T) {
	for key, want := range map[string]string{"own.a": "", "own.b": "own.b", "own.b.c": "own.b", "x[0].y": "x", "free.a": "", `own.b\.c`: `own["b.c"]`, "own[": "", "a=,own.b": "own.b a"} {
		names := map[string]bool{}
		for _, v := range of(t, "").Unknown([]values.Layer{{Key: key, Rule: values.Set}}) {
			names[v.Path.String()] = true
		}
		for _, name := range strings.Fields(want) {
			if !names[name] {
				t.Errorf("%s: got %v, want %s", key, names, name)
			}
			delete(names, name)
		}
		if len(names) > 0 {
			t.Errorf("%s: got %v, want %s", key, names, want)
		}
	}
}

// TestIsBounded wants templates and schemas that grow without end to be given up on: then the chart knows all.
func TestIsBounded(t *testing.T) {
	calls := "{{ define \"a\" }}{{ include \"a\" (dict \"b\" . \"c\" .) }}{{ end }}{{ include \"a\" .Values }}"
	doubled := "{{ $a := \"aaaaaaaaaa\" }}" + strings.Repeat("{{ $a = printf \"%s%s\" $a $a }}", 100) + "{{ index .Values $a }}"
	nested := strings.Repeat("{{ if true }}", 50_000) + strings.Repeat("{{ end }}", 50_000)
	var wide strings.Builder
	for i := range 300 {
		fmt.Fprintf(&wide, "{{ define \"t%d\" }}{{ include (printf \"%%d\" 1) (dict \"k%d\" .) }}{{ end }}", i, i)
	}
	wide.WriteString("{{ include \"t0\" (dict \"values\" .Values) }}")
	for name, template := range map[string]string{"calls": calls, "doubled": doubled, "nested": nested, "wide": wide.String()} {
		if got := unknown(of(t, template), "other: 1"); got != "" {
			t.Errorf("%s: got %q", name, got)
		}
	}
	schema := tree.File{Path: "values.schema.json", Data: []byte(`{"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}`)}
	if got := unknown(of(t, "", schema), "c: 1"); got != "" {
		t.Errorf("schema: got %q", got)
	}
}
