package merge_test

import (
	"bytes"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/merge"
)

// FuzzYAML states that no three texts end a merge in a panic, and that the laws hold for all that is sound.
func FuzzYAML(f *testing.F) {
	for i := range world {
		f.Add(world[i], world[(i+1)%len(world)], world[(i+2)%len(world)])
	}
	f.Fuzz(func(t *testing.T, base, have, want string) {
		if sound(base) && sound(have) && sound(want) {
			new(tally).lawful(t, base, have, want)
			return
		}
		merge.YAML(merge.Files{Path: "x.yaml", Base: []byte(base), Have: []byte(have), Want: []byte(want)}, merge.Options{})
	})
}

// FuzzLines states that lines of any bytes merge by the laws.
func FuzzLines(f *testing.F) {
	f.Add("a\nb\nc\n", "a\r\nb\r\n", "x\nb\nc")
	f.Fuzz(func(t *testing.T, base, have, want string) { lawfulLines(t, base, have, want) })
}

func lawfulLines(t *testing.T, base, have, want string) merge.Result {
	files := merge.Files{Base: []byte(base), Have: []byte(have), Want: []byte(want)}
	r := merge.Lines(files, merge.Options{})
	if base == want && string(r.Text) != have || have == want && string(r.Text) != have || base == have && string(r.Text) != want {
		t.Errorf("base %q, have %q, want %q: got %q", base, have, want, r.Text)
	}
	again := files
	again.Base, again.Have = files.Want, r.Text
	if twice := merge.Lines(again, merge.Options{}); !bytes.Equal(twice.Text, r.Text) {
		t.Errorf("base %q, have %q, want %q: got %q, and %q when merged again", base, have, want, r.Text, twice.Text)
	}
	if len(r.Conflicts) == 0 && !bytes.Equal(r.Inline(), r.Text) {
		t.Errorf("base %q, have %q, want %q: there are marks without a conflict: %q", base, have, want, r.Inline())
	}
	return r
}
