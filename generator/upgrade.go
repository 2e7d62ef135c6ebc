package generator

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/intent"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// UpgradeOptions say what is upgraded, and how far it goes.
type UpgradeOptions struct {
	GenerateOptions
	// AllowDirty goes on where something is changed and not committed.
	AllowDirty bool
	// Settings are put into gitopsgen.yaml first, and those that Intent gives, where it is not nil.
	Settings []edit.Setting
	Intent   intent.Intent
}

// Upgrade goes the whole way as Generate does, under the edits of users. The directory has to hold a generated repository.
func (g Generator) Upgrade(ctx context.Context, o UpgradeOptions) (out Generated, err error) {
	t, err := g.upgradable(ctx, o)
	if err != nil {
		return out, err
	}
	settings, err := g.change(ctx, o, t)
	if err != nil {
		return out, err
	}
	if o.Spec, _, err = g.Spec(SpecOptions{Dir: o.Dir, Name: blueprint.DefaultName, Settings: settings}); err != nil {
		return out, err
	}
	if (o.Settings != nil || o.Intent != nil) && bytes.Equal(o.Spec.Text, o.Spec.unset) {
		out.Dir, out.Settled = o.Dir, true
		return out, nil
	}
	for _, f := range t.Under(upgrade.ConflictDir) {
		o.Commit.With = append(o.Commit.With, f.Path)
	}
	o.have = &t
	out, err = g.Generate(ctx, o.GenerateOptions)
	return out, g.blameLibrary(err, out, t)
}

// blameLibrary says of a blueprint of the user's own that does not evaluate which library it did evaluate with.
func (g Generator) blameLibrary(err error, out Generated, t tree.Tree) error {
	if err == nil || out.Spec.Blueprint == "" || len(out.Blueprint.Clusters) > 0 {
		return err
	}
	was, errLock := g.readLock(t)
	if errLock != nil || was.Gitopsgen == g.Version {
		return err
	}
	return fault.Hint(err, fmt.Sprintf("%s was written for the library of gitopsgen %s, and this is that of %s: gitopsgen upgrade --notes says what is new", out.Spec.Blueprint, was.Gitopsgen, g.Version))
}

// upgradable reads a generated repository whose upgrade can be one commit.
func (g Generator) upgradable(ctx context.Context, o UpgradeOptions) (t tree.Tree, err error) {
	if err := isThere(o.Dir); err != nil {
		return t, err
	}
	if err := g.recover(o.Dir); err != nil {
		return t, err
	}
	if t, err = gitrepo.Read(o.Dir); err != nil {
		return t, err
	}
	if _, generated := t.File(lock.Path); !generated {
		return t, cmp.Or(present(ctx, upgrade.Existing{Dir: o.Dir, Tree: t}), notGenerated(o.Dir, t))
	}
	return t, g.clean(ctx, t, o)
}

// clean gives an error where something in a directory is not committed that is not to go into the commit of an upgrade.
func (g Generator) clean(ctx context.Context, t tree.Tree, o UpgradeOptions) error {
	if o.AllowDirty || o.DryRun {
		return nil
	}
	dirty, err := gitrepo.Dirty(ctx, o.Dir)
	dirty = slices.DeleteFunc(dirty, func(p string) bool { return strings.Contains("/"+p, "/"+upgrade.ConflictDir+"/") }) // where people decide
	if err != nil || len(dirty) == 0 {
		return err
	}
	if l, err := g.readLock(t); err != nil || l.Sound() != nil { // which is no better once it is committed
		return cmp.Or(err, l.Sound())
	}
	return fault.Hint(fmt.Errorf("%s: changed and not committed", wording.Some(dirty)), "commit it, or stash it, so that one commit holds the upgrade; or --allow-dirty")
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
