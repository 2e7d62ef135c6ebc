package generator

import (
	"context"
	"fmt"
	"iter"
	"path"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/repair"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// Repaired is what was found out of a damaged base.
type Repaired struct {
	// Found is empty where nothing is wrong.
	Found []repair.Mended
	// Files counts those that differ, Written says that they were written; Hash is the commit's, empty where there is none.
	Files   int
	Written bool
	Hash    string
}

// RepairBase writes the base and the lock of a directory anew, as far as it is known what gitopsgen wrote to the files there, and touches
// nothing else.
func (g Generator) RepairBase(ctx context.Context, o UpgradeOptions) (r Repaired, err error) {
	defer g.tell("")
	if err := isThere(o.Dir); err != nil {
		return r, err
	}
	if err := g.recover(o.Dir); err != nil {
		return r, err
	}
	have, err := g.readDamaged(ctx, o.Dir)
	if err != nil {
		return r, err
	}
	f, _ := have.Tree.File(blueprint.SpecFile)
	want, err := g.lay(ctx, SpecText{Text: f.Data, File: filepath.Join(o.Dir, blueprint.SpecFile), Folder: o.Dir}, have)
	if err != nil {
		return r, err
	}
	if err := o.identify(); err != nil {
		return r, err
	}
	changes, found, err := repair.Base(repair.Input{Tree: have.Tree, Want: want.State, Past: past(ctx, o.Dir)})
	if r.Files, r.Found = len(changes), found; err != nil || len(changes) == 0 || o.DryRun {
		return r, err
	}
	if err := keepsSecrets(ctx, o.Dir, changes, nil); err != nil {
		return r, err
	}
	o.Commit.Branch, o.Commit.Message = want.Spec.Repository.Branch, "Mend what gitopsgen knows of the files that it wrote"
	r.Written = true
	r.Hash, err = gitrepo.Update(ctx, o.Dir, changes, o.Commit)
	return r, err
}

// readDamaged reads what stands in a directory, whether the lock can be read or not; one that a newer gitopsgen wrote is an error.
func (g Generator) readDamaged(ctx context.Context, dir string) (e upgrade.Existing, err error) {
	e.Dir = dir
	if e.Tree, err = gitrepo.Read(dir); err != nil {
		return e, err
	}
	m, err := snapshot.Merging(ctx, dir)
	switch {
	case err != nil:
		return e, err
	case len(m.Sides) > 0:
		return e, stillMerging(dir)
	case !slices.ContainsFunc(e.Tree.Files(), func(f tree.File) bool { return upgrade.Own(f.Path) }):
		return e, notGenerated(dir, e.Tree)
	}
	l, _, unreadable := lock.Read(e.Tree)
	if unreadable == nil {
		e.Lock = l
	}
	return e, g.readable(l)
}

// mostStates is how many earlier states are looked at.
const mostStates = 50

// past are the earlier states of what gitopsgen knows in a directory, by their commits.
func past(ctx context.Context, dir string) iter.Seq2[string, tree.Tree] {
	return func(yield func(string, tree.Tree) bool) {
		for _, commit := range snapshot.History(ctx, dir, path.Dir(lock.Path), mostStates) {
			t, _, err := snapshot.ReadRevision(ctx, dir, commit, path.Dir(lock.Path))
			if err == nil && !yield(commit, t) {
				return
			}
		}
	}
}

// stillMerging is the error of a directory in which Git is bringing states together.
func stillMerging(dir string) error {
	return fault.Hint(fmt.Errorf("%s: Git is bringing states together here", dir), "gitopsgen scaffold writes the generated files anew, once gitopsgen.yaml is merged")
}
