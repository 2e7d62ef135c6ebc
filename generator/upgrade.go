package generator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// UpgradeOptions say what is upgraded, and how far it goes.
type UpgradeOptions struct {
	GenerateOptions
	// AllowDirty goes on where something is changed and not committed.
	AllowDirty bool
}

// Upgrade goes the whole way as Generate does, under the edits of users. The directory has to hold a generated repository.
func (g Generator) Upgrade(ctx context.Context, o UpgradeOptions) (out Generated, err error) {
	if !exists(o.Dir) {
		return out, fault.Misuse(fmt.Errorf("%s: there is no such directory", o.Dir))
	}
	if err := g.recover(o.Dir); err != nil {
		return out, err
	}
	t, err := gitrepo.Read(o.Dir)
	if err != nil {
		return out, err
	}
	if _, generated := t.File(lock.Path); !generated {
		return out, fault.Hint(fmt.Errorf("%s: it has no %s, so gitopsgen did not generate it", o.Dir, lock.Path), "gitopsgen scaffold makes a repository")
	}
	dirty, err := gitrepo.Dirty(ctx, o.Dir)
	if err != nil {
		return out, err
	}
	dirty = slices.DeleteFunc(dirty, func(p string) bool { return strings.Contains("/"+p, "/"+upgrade.ConflictDir+"/") }) // where people decide
	if len(dirty) > 0 && !o.AllowDirty && !o.DryRun {
		return out, fault.Hint(fmt.Errorf("%s: changed and not committed", wording.Some(dirty)), "commit it, or stash it, so that one commit holds the upgrade; or --allow-dirty")
	}
	if o.Spec, _, err = g.Spec(SpecOptions{Dir: o.Dir, Name: blueprint.DefaultName}); err != nil {
		return out, err
	}
	o.Commit.Message = cmp.Or(o.Commit.Message, "Upgrade the platform to gitopsgen "+g.Version)
	for _, f := range t.Under(upgrade.ConflictDir) {
		o.Commit.With = append(o.Commit.With, f.Path)
	}
	return g.Generate(ctx, o.GenerateOptions)
}

// Preview compares what a directory renders to with what it would after an upgrade.
func (g Generator) Preview(ctx context.Context, out Generated, o UpgradeOptions) (Diffed, error) {
	have, err := g.Open(o.Dir, blueprint.Medium)
	if err != nil {
		return Diffed{}, err
	}
	made, err := g.Read(out.Tree, blueprint.Medium)
	if err != nil {
		return Diffed{}, err
	}
	made.Remotes = have.Remotes
	return g.Compare(ctx, State{Name: workTree, Repository: have}, State{Name: "the upgrade", Repository: made}, o.RenderOptions)
}

// Resolution is what somebody decided of the conflicts in a file.
type Resolution struct {
	File string
	// At is the way to one value; empty decides all that is open in the file.
	At   string
	Take upgrade.Take
}

// Resolve notes what was decided of conflicts, and upgrades by it.
func (g Generator) Resolve(ctx context.Context, o UpgradeOptions, r Resolution) (out Generated, err error) {
	t, err := gitrepo.Read(o.Dir)
	if err != nil {
		return out, err
	}
	change, err := upgrade.Decide(t, r.File, r.At, r.Take)
	if err != nil {
		return out, fault.Misuse(err)
	}
	if err := gitrepo.Replace(o.Dir, []gitrepo.Change{{File: change}}); err != nil {
		return out, err
	}
	o.Commit.Message = fmt.Sprintf("Take %s of the conflict in %s", r.Take, r.File)
	return g.Upgrade(ctx, o)
}
