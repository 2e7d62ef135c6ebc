package generator

import (
	"context"
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// merging fills in the states that Git is bringing together in a directory, and what their locks know of charts. Of the lock in
// the directory nothing is read then: it may have marks of conflicts in it.
func (g Generator) merging(ctx context.Context, e *upgrade.Existing, m snapshot.Merge) error {
	for i, commit := range m.Sides {
		t, _, err := snapshot.ReadRevision(ctx, e.Dir, commit, ".")
		if err != nil {
			return err
		}
		l, err := g.readLock(t)
		if err == nil {
			err = l.Sound()
		}
		if err != nil {
			return fmt.Errorf("%.7s: %w", commit, err)
		}
		if e.Merging = append(e.Merging, upgrade.State{Tree: t, Lock: l}); i == 0 {
			e.Lock = l
			continue
		}
		for _, c := range l.Charts {
			if i := slices.IndexFunc(e.Lock.Charts, c.Same); i < 0 {
				e.Lock.Charts = append(e.Lock.Charts, c)
			} else if e.Lock.Charts[i].Content == "" {
				e.Lock.Charts[i] = c
			}
		}
		for _, v := range l.Vendored {
			if !slices.Contains(e.Lock.Vendored, v) {
				e.Lock.Vendored = append(e.Lock.Vendored, v)
			}
		}
	}
	return nil
}

// stage tells Git that what was generated is how its part of a merge ends.
func stage(ctx context.Context, out *Generated, m snapshot.Merge, have upgrade.Existing) error {
	var paths []string
	for _, c := range out.Changes {
		paths = append(paths, c.File.Path)
	}
	for _, p := range m.Unmerged {
		if have.Generates(p) && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return gitrepo.Stage(ctx, out.Dir, paths)
}
