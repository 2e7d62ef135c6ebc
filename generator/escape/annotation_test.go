package escape_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// command reads a line as GitHub's runner does: what stands between two pairs of colons is the name and, behind a blank, the
// properties; what follows is the message.
func command(line string) (name string, properties map[string]string, message string, ok bool) {
	head, message, ok := strings.Cut(strings.TrimPrefix(strings.TrimLeft(line, " \t"), "::"), "::")
	if !strings.HasPrefix(strings.TrimSpace(line), "::") || !ok {
		return "", nil, "", false
	}
	name, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for part := range strings.SplitSeq(list, ",") {
		if key, value, ok := strings.Cut(part, "="); ok {
			properties[strings.TrimSpace(key)] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		}
	}
	return name, properties, unescape(message, "%0D", "\r", "%0A", "\n", "%25", "%"), true
}

// unescape replaces one thing after the other.
func unescape(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// checkAnnotation states that GitHub reads what was meant, whatever it is, and nothing else.
func checkAnnotation(t *testing.T, text string) {
	t.Helper()
	a := escape.Annotation{Level: escape.Warning, File: text, Line: 3, Column: 7, Title: text, Message: text + "\nsecond: " + text}
	var b bytes.Buffer
	if err := escape.NewWriter(escape.NewWriter(&b)).Annotate(a); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if strings.Count(got, "\n") != 1 || strings.Contains(got, "\r") {
		t.Fatalf("%q: got %q, want one line", text, got)
	}
	lines := strings.Split(a.Message, "\n")
	for i, line := range lines {
		lines[i] = escape.Text(line)
	}
	name, properties, message, ok := command(strings.TrimSuffix(got, "\n"))
	if want := strings.Join(lines, "\n"); !ok || name != "warning" || message != want {
		t.Errorf("%q: read as %q with %q, want %q", text, name, message, want)
	}
	want := map[string]string{"line": "3", "col": "7"}
	if text != "" {
		want["file"], want["title"] = escape.Text(text), escape.Text(text)
	}
	if len(properties) != len(want) {
		t.Errorf("%q: got the properties %q, want %q", text, properties, want)
	}
	for key, value := range want {
		if properties[key] != value {
			t.Errorf("%q: %s is read as %q, want %q", text, key, properties[key], value)
		}
	}
}

// commands are texts that end a part of a command, or seem to.
var commands = []string{"a,line=1::x", "%0A::error::x", "%25", "%", "100%0D", "a:b=c,d", "::", "x\n::stop-commands::y"}

func TestAnnotate(t *testing.T) {
	for _, text := range append(commands, hostile...) {
		checkAnnotation(t, text)
	}
	got := escape.Annotation{Level: escape.Error, Title: "a", Message: "b"}.String()
	if want := "::error title=a::b\n"; got != want {
		t.Errorf("without a place: got %q, want %q", got, want)
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, text := range append(commands, hostile...) {
		f.Add(text)
	}
	f.Fuzz(checkAnnotation)
}
