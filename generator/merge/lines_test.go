package merge_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/merge"
)

// TestLinesWorld goes through all merges of three texts of up to three lines of two kinds. Lines that a side added are there.
func TestLinesWorld(t *testing.T) {
	texts := []string{""}
	for i := 0; len(texts) < 15; i++ {
		texts = append(texts, texts[i]+"a\n", texts[i]+"b\n")
	}
	texts = append(texts, "a\r\nb\r\n", "b\r\na\r\nb\r\n", "a\nb", "b")
	for _, base := range texts {
		for _, have := range texts {
			for _, want := range texts {
				r := lawfulLines(t, base, have, want)
				for _, line := range []string{"a", "b"} {
					count := func(text string) int { return strings.Count(text, line) }
					if got := count(string(r.Text)); len(r.Conflicts) == 0 && got < count(have)+count(want)-max(count(base), count(have), count(want)) {
						t.Errorf("base %q, have %q, want %q: got %q", base, have, want, r.Text)
					}
				}
			}
		}
	}
}

// TestLines goes through what becomes of lines.
func TestLines(t *testing.T) {
	for _, c := range []struct{ name, base, have, want, got, inline string }{
		{"apart", "a\nb\nc\n", "x\nb\nc\n", "a\nb\ny\n", "x\nb\ny\n", "x\nb\ny\n"},
		{"together", "a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n", "a\nx\nc\n", "a\n<<<<<<< ours\nx\n||||||| base\nb\n=======\ny\n>>>>>>> theirs\nc\n"},
		{"deleted and changed", "a\nb\nc\n", "a\nc\n", "a\ny\nc\n", "a\nc\n", "a\n<<<<<<< ours\n||||||| base\nb\n=======\ny\n>>>>>>> theirs\nc\n"},
		{"line ends", "a\nb\nc\n", "a\r\nb\r\nx\r\n", "y\nb\nc\n", "y\r\nb\r\nx\r\n", "y\r\nb\r\nx\r\n"},
		{"no last line end", "a\nb\nc\n", "x\nb\nc", "a\nb\ny\n", "x\nb\ny", "x\nb\ny"},
		{"lines at the end", "a\n", "x\n\na", "a\nb\n", "x\n\na\nb", "x\n\na\nb"},
	} {
		r := merge.Lines(merge.Files{Base: []byte(c.base), Have: []byte(c.have), Want: []byte(c.want)}, merge.Options{})
		if string(r.Text) != c.got || string(r.Inline()) != c.inline {
			t.Errorf("%s: got %q, inline %q\nwant %q, inline %q", c.name, r.Text, r.Inline(), c.got, c.inline)
		}
	}
}
