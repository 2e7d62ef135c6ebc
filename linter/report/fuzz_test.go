package report

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// FuzzExtents states that of whatever text, what is said to end ends on its line, behind where it begins.
func FuzzExtents(f *testing.F) {
	for _, text := range []string{"a: b # c\n", "\"a\": 'b''c'\r\nd: [e, {f: g}]\r", "a: &b !!str c\n*b : d", "? |\n a\n: >-\n b\n", "\u0085a: b\u2028", "- - 'a\n  b'\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files, err := tree.New(tree.File{Path: "a", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		ends := newExtents(Report{Tree: files})
		of := ends.file("a")
		for at, nodes := range of.nodes {
			for _, named := range []bool{false, true} {
				end := ends.end(linter.Finding{Place: manifest.Place{File: "a", Line: at.line, Column: at.column}, Named: named})
				if end == (position{}) {
					continue
				}
				line := of.text.String[of.text.Line(at.line):of.text.Line(at.line+1)]
				if end.line != at.line || end.column <= at.column || end.column > utf8.RuneCountInString(line)+1 {
					t.Fatalf("%v in %q ends at %v", at, text, end)
				}
				said := string([]rune(line)[at.column-1 : end.column-1])
				is := func(n *yaml.Node) bool { return said == n.Value || strings.ContainsAny(said[:1], "\"'") }
				if !slices.ContainsFunc(nodes, is) {
					t.Fatalf("%v in %q is said to be %q", at, text, said)
				}
			}
		}
	})
}
