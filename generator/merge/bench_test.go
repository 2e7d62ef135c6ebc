package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/merge"
)

// BenchmarkYAML merges ten thousand lines with changes all over. Most of the time yaml.v3 reads four texts.
//
//	mapping    190 ms
//	list       170 ms
//	documents  250 ms
func BenchmarkYAML(b *testing.B) {
	for _, form := range []struct{ name, text string }{
		{"mapping", "k%d:\n  a: 1\n  b: {c: x, d: [1, 2]}\n  # why\n  e: |\n    text\n"},
		{"list", "  - name: n%d\n    value: x\n    a: 1\n"},
		{"documents", "kind: A\nmetadata: {name: n%d}\na: 1\nb: x\n---\n"},
	} {
		texts := [3]strings.Builder{}
		for i := range 10_000 / strings.Count(form.text, "\n") {
			text := fmt.Sprintf(form.text, i)
			texts[0].WriteString(text)
			texts[1].WriteString(strings.Replace(text, "a: 1", "a: 7", i%7/6))
			texts[2].WriteString(strings.Replace(text, ": x", ": y", i%5/4))
		}
		var f merge.Files
		for i, data := range []*[]byte{&f.Base, &f.Have, &f.Want} {
			*data = []byte(strings.Repeat("env:\n", strings.Count(form.name, "list")) + texts[i].String())
		}
		b.Run(form.name, func(b *testing.B) {
			for b.Loop() {
				if r, err := merge.YAML(f, merge.Options{}); err != nil || len(r.Conflicts) > 0 {
					b.Fatal(err, r.Conflicts)
				}
			}
		})
	}
}
