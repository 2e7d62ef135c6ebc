package lock

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestRead wants what is no lock to be refused with its name.
func TestRead(t *testing.T) {
	if _, found, err := Read(tree.Tree{}); found || err != nil {
		t.Errorf("without one: got %t, %v", found, err)
	}
	for _, text := range []string{"", "[]", "gitopsgen: [", "gitopsgen: 1.2.3\nnews: 1\n"} {
		made, err := tree.New(tree.File{Path: Path, Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(made); err == nil || !strings.HasPrefix(err.Error(), Path+": not a lock that this gitopsgen knows: ") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
