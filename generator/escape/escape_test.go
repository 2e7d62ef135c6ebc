package escape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/escape"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"plain, \"quoted\" \\ äöü 灯 #1 ## 2": "plain, \"quoted\" \\ äöü 灯 #1 ## 2",
		"a\nb\r\tc":                            `a\nb\r\tc`,
		"\x1b[31mred\x07\x7f":                  `\x1b[31mred\x07\x7f`,
		"\u0085\u009b31m":                      `\u0085\u009b31m`,
		"\u2028\u2029\u202e\u2066\u200f\ufeff": `\u2028\u2029\u202e\u2066\u200f\ufeff`,
		"a\xff\xc3":                            `a\xff\xc3`,
		"\uFFFD":                               "\uFFFD",
		"x ##[error]y ##vso[task":              `x #\x23[error]y #\x23vso[task`,
	} {
		if got := escape.Text(text); got != want {
			t.Errorf("Text(%q): got %s, want %s", text, got, want)
		}
	}
}

func TestSprintf(t *testing.T) {
	err := fmt.Errorf("a\n::error::b")
	got := escape.Sprintf("%s|%-5s|%q|%v|%d\n", "x\ny", "\t", "\n", err, 5)
	if want := `x\ny|\t    |"\n"|a\n::error::b|5` + "\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = escape.Sprintf("%s: %s", escape.Painted{Text: "\x1b[2J", Color: escape.Red}, escape.Painted{Text: "x"})
	if want := "\x1b[31m" + `\x1b[2J` + "\x1b[0m: x"; got != want {
		t.Errorf("painted: got %q, want %q", got, want)
	}
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(string) string
		text string
		want string
	}{
		{"a word", escape.Shell, "https://git.example.org/a.git", "https://git.example.org/a.git"},
		{"no word", escape.Shell, "", "''"},
		{"quotes", escape.Shell, "it's $(id) `id`", `'it'\''s $(id) ` + "`id`'"},
		{"code", escape.Code, "a*b", "`a*b`"},
		{"code with backticks", escape.Code, "a``b`", "``` a``b` ```"},
		{"code on one line", escape.Code, "a\n```", "```` a\\n``` ````"},
		{"Markdown", escape.Markdown, "[a](b) <c> `d` | # e\n\n", "\\[a\\](b) \\<c\\> \\`d\\` \\| \\# e\\\\n\\\\n"},
		{"YAML", escape.Scalar, "make install", "make install"},
		{"a number in YAML", escape.Scalar, "1.36", `"1.36"`},
		{"a list in YAML", escape.Scalar, "[a]", `'[a]'`},
		{"lines in YAML", escape.Scalar, "a\n- b\u202e", `"a\n- b\u202e"`},
	} {
		if got := c.f(c.text); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// hostile are texts that are commands somewhere, or nearly so.
var hostile = []string{
	"\n::error::x", "\r::add-mask::x", "::stop-commands::x", "  ::error::x", "\u00a0::error::x", "\u2028::error::x", ":", "\n:", "##[error]x", "##vso[task.x]", "\n##[group]", "####[x",
	"\x1b]0;title\x07", "\x1b[2J\x1b[31m", "\x9b31m", "\u009b31m", "\u0085", "\x7f", "\x00", "\u202eevil", "\u2066", "\ufeff", "\u061c", "section_start:1:x\r\x1b[0K", "\xff\xfe", "a: b\n  - c\n\t::x\n",
	"\n\n leading", "trailing \n\n", "# comment", "- ::x", "? ::x", "|\n  ::x", "'", "\"", "`", "\\", "\\u202e", "true", "~", "",
}

// checkLines states the law of everything that is printed.
func checkLines(t *testing.T, what, printed string) {
	t.Helper()
	if !utf8.ValidString(printed) {
		t.Errorf("%s: no UTF-8: %q", what, printed)
	}
	for _, r := range printed {
		if r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029') {
			t.Errorf("%s: %q passes: %q", what, r, printed)
		}
	}
	for line := range strings.Lines(printed) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			t.Errorf("%s: a line is a command: %q", what, line)
		}
	}
}

// TestWriter states that nothing hostile passes a Writer, in one piece or a line in several.
func TestWriter(t *testing.T) {
	for _, text := range hostile {
		var b bytes.Buffer
		w := escape.NewWriter(&b)
		for _, part := range []string{text, "\n", " ", text, text + "\n" + text} {
			if n, err := w.Write([]byte(part)); err != nil || n != len(part) {
				t.Errorf("%q: got %d, %v", part, n, err)
			}
		}
		checkLines(t, "Writer", b.String())
	}
	var b bytes.Buffer
	fmt.Fprint(escape.NewColorWriter(&b), escape.Painted{Text: "x", Color: escape.Red}, escape.Sprintf("%s\n", escape.Painted{Text: "x", Color: escape.Red}), "\x1b[2J")
	if want := "\x1b[31mx\x1b[0m\n" + `\x1b[2J`; !strings.HasSuffix(b.String(), want) {
		t.Errorf("colours: got %q, want %q at the end", b.String(), want)
	}
}

// TestDocuments states that JSON and YAML say the same as the value, and pass a Writer as they are.
func TestDocuments(t *testing.T) {
	for _, text := range hostile {
		checkDocuments(t, text)
	}
}

func checkDocuments(t *testing.T, text string) {
	t.Helper()
	value := map[string]any{
		text:   "key",
		"text": text, "list": []any{text, map[string]any{"deep" + text: text}}, "lines": "first\n" + text + "\n",
		"other": []any{int64(1), 1.5, true, nil, "plain"},
	}
	for name, f := range map[string]struct {
		write func(*bytes.Buffer) error
		read  func([]byte, any) error
	}{
		"JSON": {func(b *bytes.Buffer) error { return escape.JSON(b, value) }, json.Unmarshal},
		"YAML": {func(b *bytes.Buffer) error { return escape.YAML(b, value) }, yaml.Unmarshal},
	} {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			t.Fatalf("%s of %q: %v", name, text, err)
		}
		checkLines(t, name, b.String())
		var passed bytes.Buffer
		_, _ = escape.NewWriter(&passed).Write(b.Bytes())
		if passed.String() != b.String() {
			t.Errorf("%s of %q: a Writer makes %q of %q", name, text, passed.String(), b.String())
		}
		if !utf8.ValidString(text) {
			continue
		}
		var got, want any
		if err := f.read(b.Bytes(), &got); err != nil {
			t.Fatalf("%s of %q: %v\n%s", name, text, err, b.String())
		}
		plain, _ := json.Marshal(value)
		_ = json.Unmarshal(plain, &want)
		again, _ := json.Marshal(got)
		_ = json.Unmarshal(again, &got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s of %q: got %v, want %v", name, text, got, want)
		}
	}
}

func FuzzDocuments(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkDocuments(t, text)
		checkLines(t, "Text", escape.Sprintf("x%s", text))
		var b bytes.Buffer
		_, _ = escape.NewWriter(&b).Write([]byte(text))
		checkLines(t, "Writer", b.String())
	})
}
