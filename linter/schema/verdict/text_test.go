package verdict

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// quote does what jsonschema does to the strings in its texts.
func quote(s string) string {
	s = fmt.Sprintf("%q", s)
	s = strings.ReplaceAll(s, `\"`, `"`)
	s = strings.ReplaceAll(s, `'`, `\'`)
	return "'" + s[1:len(s)-1] + "'"
}

func TestQuoted(t *testing.T) {
	values := []string{"", "a", `'`, `"`, `\`, `\\`, `\"`, `\'`, `a\`, "a\nb", "\x00\xff", "ü😀", "' - at '/spec': got"}
	for _, a := range values {
		for _, b := range values {
			got := quoted("additional properties " + quote(a) + ", " + quote(b) + " not allowed")
			if want := []string{a, b}; !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
}

func TestParseAnswer(t *testing.T) {
	answer := "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///a.json#'" +
		" - at '': validation failed" +
		"   - at '/metadata': additional properties 'a\\' - at \\'/b' not allowed" +
		"   - at '/spec/a~1b': 'anyOf' failed" +
		"     - at '/spec/a~1b': got string, want integer" +
		"     - at '/spec/a~1b': missing property 'c'"
	want := []*entry{{text: "validation failed", causes: []*entry{
		{depth: 1, pointer: "/metadata", text: `additional properties 'a\' - at \'/b' not allowed`},
		{depth: 1, pointer: "/spec/a~1b", text: "'anyOf' failed", causes: []*entry{
			{depth: 2, pointer: "/spec/a~1b", text: "got string, want integer"},
			{depth: 2, pointer: "/spec/a~1b", text: "missing property 'c'"},
		}},
	}}}
	if got := parseAnswer(answer); !reflect.DeepEqual(got, want) {
		t.Errorf("got %s, want %s", tree(got), tree(want))
	}
}

func tree(entries []*entry) string {
	var s strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&s, "{%d %q %q %s}", e.depth, e.pointer, e.text, tree(e.causes))
	}
	return s.String()
}

// Whatever kubeconform may say, parsing it ends, and finds no more entries than there may be.
func FuzzParseAnswer(f *testing.F) {
	f.Add("a - at '/b': c   - at '")
	f.Add("- at '")
	f.Add("- at '': 'x")
	f.Fuzz(func(t *testing.T, answer string) {
		if got, most := len(splitAnswer(answer)), strings.Count(answer, entryStart); got > most {
			t.Errorf("got %d entries of %d", got, most)
		}
		parseAnswer(answer)
	})
}

func TestNearest(t *testing.T) {
	candidates := []string{"image", "imagePullPolicy", "name", "ip"}
	for word, want := range map[string]string{
		"imagepullpolicy":   "imagePullPolicy",
		"imagePullPolicies": "imagePullPolicy",
		"imgae":             "image",
		"nam":               "name",
		"replicas":          "",
		"x":                 "",
		"":                  "",
	} {
		if got := nearest(word, candidates); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}
