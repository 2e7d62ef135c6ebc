package generator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/linter"
)

// GenerateOptions say what is generated, and how far it goes.
type GenerateOptions struct {
	RenderOptions
	// Dir is where the repository stands, or is to; empty is a folder of the platform's name.
	Dir  string
	Spec SpecText
	// FailOn is the least severity of a finding for which nothing is written; Off is none.
	FailOn linter.Severity
	// Commit needs no Author where Git is configured, and no Branch. Message is its first line; empty is what was changed.
	Commit gitrepo.Commit
	// DryRun writes nothing.
	DryRun bool
	// Merge says how what is generated goes under the edits of users; nil refuses a directory in which somebody edited it.
	Merge *upgrade.MergeOptions

	// have is what stands in Dir, where that was read already; nil is to be read.
	have *tree.Tree
}

// Generated is what was made of a spec.
type Generated struct {
	Platform
	Checked
	upgrade.Plan
	Dir string
	// Versions are those of charts that the spec says from now on.
	Versions []Version
	// Merging says that Git is bringing states together: what is written is staged, and Git's own command ends that.
	Merging bool
	// Refused says that nothing was written because of what the check found.
	Refused bool
	// Settled says that gitopsgen.yaml has all that was to be changed in it already, so that nothing was done.
	Settled bool
	// Subject says what was changed in gitopsgen.yaml; empty where that is nothing.
	Subject string
	// Difference is what that does to the rendered objects. It is worked out for a commit and for the dry run of a merge alone.
	Difference difference.Difference
	// Hash is that of the commit; empty where there is none.
	Hash string
}

// Generate goes the whole way: spec, blueprint, tree, check, write, commit. Where the repository is not wholly judged,
// Failure says why, and nothing was written.
func (g Generator) Generate(ctx context.Context, o GenerateOptions) (out Generated, err error) {
	defer g.tell("")
	defer out.since(time.Now())
	g.Compiled = cmp.Or(g.Compiled, &Compiled{})
	defer g.compileAhead(ctx, Repository{}, false)()
	if out.Platform, err = g.Evaluate(ctx, o.Spec); err != nil {
		return out, o.Spec.blame(err)
	}
	if err := o.identify(); err != nil {
		return out, err
	}
	if out.Dir = o.Dir; out.Dir == "" {
		out.Dir = out.Spec.Name
		if err := g.recover(out.Dir); err != nil {
			return out, err
		}
	}
	have, merge, err := g.plan(ctx, &out, o)
	if err != nil {
		return out, err
	}
	o.Made = &build.Made{} // what is checked is compared, too
	if out.Checked, err = g.checkTree(ctx, out, have, o); err != nil || out.Failure != nil {
		return out, err
	}
	out.Refused, out.Merging = o.FailOn != linter.Off && out.Worst() >= o.FailOn, len(merge.Sides) > 0
	if len(out.Changes) > 0 && !out.Refused && !out.Merging && !have.Empty {
		err = g.describe(ctx, &out, have, &o)
	}
	if err == nil && !out.Refused && !o.DryRun && len(out.Changes) > 0 {
		g.tell("writing")
		o.Commit.Skip = o.Commit.Skip || out.Merging || len(out.Marked()) > 0
		err = g.write(ctx, &out, o.Commit)
	}
	if err == nil && out.Merging && !out.Refused && !o.DryRun {
		err = stage(ctx, &out, merge, have)
	}
	return out, err
}

// plan reads what stands in a directory, and works out what has to change.
func (g Generator) plan(ctx context.Context, out *Generated, o GenerateOptions) (have upgrade.Existing, m snapshot.Merge, err error) {
	if have, m, err = g.readExisting(ctx, out.Dir, o.have); err != nil {
		return have, m, err
	}
	want, err := g.laidOut(ctx, out, &have)
	if err != nil {
		return have, m, o.Spec.blame(err)
	}
	if o.Merge != nil {
		with := *o.Merge
		with.Keys = g.ListKeys
		o.Merge = &with
	}
	if out.Plan, err = o.plan(have, want); err == nil {
		err = keepsSecrets(ctx, out.Dir, out.Changes, out.Outcomes)
	}
	return have, m, err
}

// laidOut gives the tree of a platform, with the versions of charts that are taken over into its spec.
func (g Generator) laidOut(ctx context.Context, out *Generated, have *upgrade.Existing) (tree.Tree, error) {
	made, err := g.tree(ctx, out.Platform, *have)
	if err != nil {
		return made, out.Document.Blame(err)
	}
	return g.takeOver(ctx, out, have, made)
}

// plan works out what has to change.
func (o GenerateOptions) plan(have upgrade.Existing, made tree.Tree) (p upgrade.Plan, err error) {
	want := upgrade.State{Tree: made}
	if want.Lock, _, err = lock.Read(made); err != nil {
		return p, err
	}
	if o.Merge == nil || have.Empty || len(have.Merging) > 0 {
		p, err = upgrade.New(have, want)
	} else {
		p, err = upgrade.Merge(have, want, *o.Merge)
	}
	if err == nil && o.Spec.given && p.Replaces(blueprint.SpecFile) {
		err = fault.Misuse(fmt.Errorf("--spec %s: %s has a %s of its own that says otherwise; edit that one", o.Spec.File, have.Dir, blueprint.SpecFile))
	}
	return p, err
}

// since notes how long it took.
func (out *Generated) since(start time.Time) { out.Seconds = time.Since(start).Seconds() }

// made reads what a directory would hold.
func (g Generator) made(out Generated) (Repository, error) {
	judged, err := upgrade.WithoutRecords(out.Tree) // what is to be decided is told, and keeps nothing from being written
	if err != nil {
		return Repository{}, err
	}
	made, err := g.Read(judged, blueprint.Medium)
	made.Remotes = gitrepo.Remotes(out.Dir)
	return made, err
}

// checkTree checks what a directory would hold. Under the edits of users only what is new counts: what is wrong already is no
// reason to stay behind.
func (g Generator) checkTree(ctx context.Context, out Generated, have upgrade.Existing, o GenerateOptions) (Checked, error) {
	made, err := g.made(out)
	if err != nil {
		return Checked{}, err
	}
	check := CheckOptions{RenderOptions: o.RenderOptions}
	if o.Merge != nil {
		before, err := g.Read(have.Tree, blueprint.Medium)
		if err != nil {
			return Checked{}, err
		}
		before.Remotes = made.Remotes
		check.Since = &Since{Repository: before, Revision: "what stands here", asked: true}
	}
	return g.Check(ctx, made, check)
}

// readExisting reads what stands in a directory, as far as that is not known.
func (g Generator) readExisting(ctx context.Context, dir string, known *tree.Tree) (e upgrade.Existing, m snapshot.Merge, err error) {
	e.Dir = dir
	if known != nil {
		e.Tree = *known
	} else if e.Empty, err = gitrepo.Empty(dir); err != nil || e.Empty {
		return e, m, err
	} else if e.Tree, err = gitrepo.Read(dir); err != nil {
		return e, m, err
	}
	if m, err = snapshot.Merging(ctx, dir); err != nil {
		return e, m, err
	}
	if len(m.Sides) > 0 {
		return e, m, g.merging(ctx, &e, m)
	}
	if e.Lock, err = g.readLock(e.Tree); err != nil {
		return e, m, err
	}
	return e, m, cmp.Or(present(ctx, e), e.Lock.Sound())
}

// present gives an error where Git knows what gitopsgen wrote and did not put it into the directory: it would be taken for deleted.
func present(ctx context.Context, e upgrade.Existing) error {
	missing := map[string]bool{}
	for _, f := range append(slices.Clone(e.Lock.Files), lock.File{Path: lock.Path}) {
		if _, here := e.Tree.File(f.Path); !here {
			missing[f.Path] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	left, err := snapshot.LeftOut(ctx, e.Dir)
	for _, path := range left {
		if missing[path] {
			return fault.Hint(fmt.Errorf("%s: it is left out of this sparse checkout, and gitopsgen wrote it", path), "git sparse-checkout disable brings all files")
		}
	}
	return err
}

// identify settles who commits, before any work is done.
func (o *GenerateOptions) identify() error {
	if o.Commit.Skip || o.DryRun || o.Commit.Author.Complete() {
		return nil
	}
	if o.Commit.Author = gitrepo.Configured(o.Dir); o.Commit.Author.Complete() {
		return nil
	}
	return fault.Hint(gitrepo.ErrNoIdentity, `give --author "Name <mail@example.org>", or run git config --global user.name and user.email, or --no-commit`)
}

// write carries the changes out, and commits them.
func (g Generator) write(ctx context.Context, out *Generated, c gitrepo.Commit) (err error) {
	c.Branch, c.Message = out.Spec.Repository.Branch, cmp.Or(c.Message, "Generate the platform with gitopsgen "+g.Version)
	for _, f := range out.userFiles {
		c.With = append(c.With, f.Path)
	}
	if !exists(out.Dir) {
		out.Hash, err = gitrepo.Create(ctx, out.Dir, out.Tree, c)
		return err
	}
	c.With = append(slices.Clone(c.With), blueprint.SpecFile)
	out.Hash, err = gitrepo.Update(ctx, out.Dir, out.Changes, c)
	return err
}
