package generator

import (
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// TestDisclosures wants every file that holds something of another one to be known.
func TestDisclosures(t *testing.T) {
	var changes []gitrepo.Change
	for _, path := range []string{".gitopsgen/base/prod.txtar", ".gitopsgen/conflicts/a.yaml.yaml", ".gitopsgen/lock.yaml", "new.yaml", "same.yaml"} {
		changes = append(changes, gitrepo.Change{File: tree.File{Path: path}})
	}
	changes = append(changes, gitrepo.Change{File: tree.File{Path: ".gitopsgen/conflicts/b.yaml.yaml"}, Remove: true})
	outcomes := []upgrade.Outcome{
		{Kind: upgrade.Moved, Path: "new.yaml", From: "old.yaml"}, {Kind: upgrade.Moved, Path: "moved/by/user.yaml", From: "c.yaml"}, {Kind: upgrade.Merged, Path: "same.yaml"},
	}
	want := []disclosure{
		{".gitopsgen/base/prod.txtar", "gitopsgen.yaml", ".gitopsgen/base/**"},
		{".gitopsgen/conflicts/a.yaml.yaml", "a.yaml", ".gitopsgen/conflicts/**"},
		{"new.yaml", "old.yaml", "new.yaml"},
	}
	if got := disclosures(changes, outcomes); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
