package layout

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	yamlv3 "gopkg.in/yaml.v3"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

func yamlOf(t *testing.T, reasons blueprint.Reasons, documents ...any) string {
	t.Helper()
	data, err := writeYAML(documents, reasons)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestYAMLOrdersKeys(t *testing.T) {
	got := yamlOf(t, nil,
		object{"zeta": 1.0, "spec": object{"b": true, "name": "nn", "a": list{}, "kind": "k"}, "metadata": object{"labels": object{}, "name": "nn"}, "kind": "K", "apiVersion": "v1"},
		object{"items": []string{"b", "a"}, "number": 1.5, "nothing": nil},
	)
	want := `apiVersion: v1
kind: K
metadata:
  name: nn
  labels: {}
spec:
  kind: k
  name: nn
  a: []
  b: true
zeta: 1
---
items:
  - b
  - a
nothing: null
number: 1.5
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestYAMLWritesReasons(t *testing.T) {
	value := object{"a": object{"b": "x", "c.d": object{"e/f": list{object{"g": 1.0, "h": 2.0}, "i", list{"j", "k"}}}}, `q"u`: true, "z": 1.0}
	var reasons blueprint.Reasons
	add := func(text string, at ...any) { reasons = append(reasons, blueprint.Reason{At: at, Text: text}) }
	add("Of the file.", 0)
	add("Of a.", 0, "a")
	add("Of b,\nin two lines.", 0, "a", "b")
	add("Of c.d.", 0, "a", "c.d")
	add("Of e/f.", 0, "a", "c.d", "e/f")
	add("Of the first.", 0, "a", "c.d", "e/f", 0)
	add("Of g.", 0, "a", "c.d", "e/f", 0, "g")
	add("Of h.", 0, "a", "c.d", "e/f", 0, "h")
	add("Of i.", 0, "a", "c.d", "e/f", 1)
	add("Of k.", 0, "a", "c.d", "e/f", 2, 1)
	add("Of q.", 0, `q"u`)
	add("Of z.", 0, "z")
	add("Of another.", 1, "a")
	for _, at := range [][]any{{0, "gone"}, {0, "a", "gone", "too"}, {0, "a", "b", "x"}, {0, "a", "c.d", "e/f", "g"}, {0, "a", "c.d", "e/f", 7}, {0, "a", 0}, {2}} {
		add("Never.", at...)
	}
	got := yamlOf(t, reasons, value, object{"a": 1.0})
	want := `# Of the file.
# Of a.
a:
  # Of b,
  # in two lines.
  b: x
  # Of c.d.
  c.d:
    # Of e/f.
    e/f:
      # Of the first.
      # Of g.
      - g: 1
        # Of h.
        h: 2
      # Of i.
      - i
      - - j
        # Of k.
        - k
# Of q.
q"u: true
# Of z.
z: 1
---
# Of another.
a: 1
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// strange are texts that a careless writer makes something else of.
var strange = []string{
	"", " ", "~", "null", "Null", "true", "True", "yes", "No", "on", "OFF", "y", "n", "1", "-1", "+1", "0", "00", "010", "08", "0o7", "0x1F", "0b1", "1_000",
	"1.5", "1.", ".5", "1e3", "1E+3", ".inf", "-.INF", ".nan", "1:30", "1:30:00", "2001-01-01", "2001-01-01T00:00:00Z", "=", "<<", "!", "!!str x", "&a", "*a",
	"- a", "-", "--", "---", "...", "? a", "a: b", "a:", ": a", "#a", "a #b", "a#b", "'a'", "\"a\"", "'", "\"", "`", "@a", "%a", "|", ">", "{a}", "[a]", "{", "]", "a, b", ",",
	"a\nb", "a\nb\n", "a\n\nb\n\n", "\na", "\n", "\n\n", " a\nb", "  a\n b\n", "a\n  b\n", "a \nb ", "\ta", "a\tb", "a\n\tb\n", "\n  a", "#a\nb", "---\na", "a\r\nb", "a\rb",
	"ä", "日本", "\u00a0", "\u2028", "\ufeff", "\x00", "\x1b[0m", "\u0085", "🦆", "a\\b", "\\n", "$(x)", "{{ .Values.x }}", "%{a}", strings.Repeat("long ", 60), "x" + strings.Repeat("\n", 5) + "y",
}

// TestYAMLSaysWhatItIsGiven writes values and reads them back, as we do and as Argo CD does.
func TestYAMLSaysWhatItIsGiven(t *testing.T) {
	values := []any{nil, true, false, 0.0, -1.0, 1.5, 1e21, 12345678901.0, list{}, object{}, list{list{list{}}, object{"a": list{object{}}}}}
	for _, s := range strange {
		values = append(values, s, list{s, s}, object{"a": object{"b": s}}, list{object{"a": s, "b": list{s}}})
		if !strings.ContainsAny(s, "\x00\n") && s != "<<" { // the keys of Kubernetes are never stranger
			values = append(values, object{s: s})
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		values = append(values, randomValue(random, 3))
	}
	for _, v := range values {
		text := yamlOf(t, nil, object{"apiVersion": "v1", "kind": "K", "value": v})
		resources, problems := manifest.Parse("a.yaml", []byte(text))
		if len(resources) != 1 || len(problems) > 0 {
			t.Errorf("%#v: wrote\n%s\ngot %d objects, %v", v, text, len(resources), problems)
			continue
		}
		if got := floats(resources[0].Object["value"]); !reflect.DeepEqual(got, v) {
			t.Errorf("wrote\n%s\ngot  %#v\nwant %#v", text, got, v)
		}
		var kubernetes struct{ Value any }
		if err := yaml.Unmarshal([]byte(text), &kubernetes); err != nil || !reflect.DeepEqual(kubernetes.Value, v) {
			t.Errorf("wrote\n%s\nKubernetes gets %#v, %v\nwant %#v", text, kubernetes.Value, err, v)
		}
	}
}

func randomValue(random *rand.Rand, depth int) any {
	text := func() string {
		var b strings.Builder
		for range random.IntN(6) {
			b.WriteString([]string{"a", " ", "\n", ":", "#", "-", "'", "\"", "1", "\t", "\\", "ü", "|", ">", "{", ","}[random.IntN(16)])
		}
		return b.String()
	}
	switch n := random.IntN(10); {
	case n < 2 && depth > 0:
		l := list{}
		for range random.IntN(4) {
			l = append(l, randomValue(random, depth-1))
		}
		return l
	case n < 5 && depth > 0:
		o := object{}
		for range random.IntN(4) {
			o["k"+strings.ReplaceAll(text(), "\n", "")] = randomValue(random, depth-1)
		}
		return o
	case n < 9:
		return text()
	default:
		return float64(random.IntN(1000)) / 4
	}
}

// floats makes all numbers floats, as JSON has them.
func floats(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case map[string]any:
		for k := range v {
			v[k] = floats(v[k])
		}
	case []any:
		for i := range v {
			v[i] = floats(v[i])
		}
	}
	return v
}

// TestScalarsAreQuotedAsTheLibraryDoes holds the shortcut for texts against the library.
func TestScalarsAreQuotedAsTheLibraryDoes(t *testing.T) {
	texts := []string{"", "true", "True", "yes", "OFF", "off", "offs", "null", "~", "Null", "1:20", "1_000", "-1:20:30", "+190:20:30", "190:20:30", "0x1F", "0o17", ".inf", "-.Inf", ".NaN", "1e3", "12e03",
		"2026-11-22", "2026-11-22T10:00:00Z", "=", "a: b", "a #b", "#abc", "- ab", "? ab", ": ab", "@abc", "`abc", "%abc", "!abc", "&abc", "*abc", "'abc'", `"abc"`, "[abc]", "{abc}", "|abc", ">abc",
		" abc", "abc ", "abc:", "\tabc", "a\x00bc", "a\u0085bc", "\ufeffabc", "a\xffbc", "größer", "---", "--- a", "...", "true ", "nullable", "infinite", "*/5 * * * *", "{{ .Values.a }}"}
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "abefnouyxE0159.:+-_#~<'\"{[&*!|>%@` \tTN"
	for range 20_000 {
		text := make([]byte, random.IntN(8))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		if text == "<<" {
			continue // the library writes it as the key that merges
		}
		var want strings.Builder
		encoder := yamlv3.NewEncoder(&want)
		encoder.SetIndent(2)
		if err := encoder.Encode(object{text: list{text}}); err != nil {
			t.Fatal(err)
		}
		if got := yamlOf(t, nil, object{text: list{text}}); got != want.String() {
			t.Errorf("%q is written\n%sthe library writes\n%s", text, got, want.String())
		}
	}
}
