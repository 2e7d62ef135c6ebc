package snapshot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// Merge is what is being brought together in a repository: by a merge, a rebase, a cherry-pick or a revert that stopped.
type Merge struct {
	// Sides are HEAD and the commits that are brought into it. There are none where nothing is.
	Sides []string
	// Unmerged are the paths below the directory that was asked for of which Git does not know what becomes of them.
	Unmerged []string
}

// coming are the names under which Git keeps what it brings into HEAD.
var coming = []string{"MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"}

// Merging finds out what is being brought together in the repository that a directory is in. Outside of a repository that is
// nothing.
func Merging(ctx context.Context, dir string) (m Merge, err error) {
	if _, ok := gitrepo.Root(dir); !ok {
		return m, nil
	}
	k, err := openKept(ctx, dir)
	if err != nil {
		return m, err
	}
	defer k.close()
	found, err := k.readIndex("")
	if err != nil {
		return m, nil // of a format that only git knows, which then tells of a merge as it commits
	}
	for _, e := range found.Entries {
		if e.Stage != 0 && !slices.Contains(m.Unmerged, e.Name) {
			m.Unmerged = append(m.Unmerged, e.Name)
		}
	}
	for _, name := range coming {
		if _, err := k.library.Reference(plumbing.ReferenceName(name), false); errors.Is(err, plumbing.ErrReferenceNotFound) {
			continue
		}
		commit, err := k.commit(name)
		if err == nil && (len(m.Unmerged) > 0 || name == "MERGE_HEAD") && !slices.Contains(m.Sides, commit) {
			m.Sides = append(m.Sides, commit)
		}
	}
	if len(m.Sides) == 0 {
		return Merge{}, nil
	}
	head, err := k.commit("HEAD")
	if err != nil {
		return m, err
	}
	var below []string
	for _, p := range m.Unmerged {
		if p, ok := strings.CutPrefix(p, k.prefix); ok {
			below = append(below, p)
		}
	}
	return Merge{Sides: append([]string{head}, m.Sides...), Unmerged: below}, nil
}
