package generator

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/intent"
	"github.com/gitopsgen/gitopsgen/generator/review"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// describe says what a change of a repository is: in a line, and by what it does to the rendered objects where somebody is to read
// that, in a commit or before there is one.
func (g Generator) describe(ctx context.Context, out *Generated, have upgrade.Existing, o *GenerateOptions) error {
	before, found, err := g.before(ctx, have)
	if err != nil || !found {
		return err
	}
	changes, err := g.changes(before, out)
	if err != nil {
		return err
	}
	out.Subject = intent.Subject(changes)
	if o.DryRun && o.Merge == nil || !o.DryRun && o.Commit.Skip {
		return nil
	}
	made, err := g.made(*out)
	if err != nil {
		return err
	}
	before.Remotes = made.Remotes
	compared, err := g.Compare(ctx, State{Name: workTree, Repository: before}, State{Name: "the upgrade", Repository: made}, o.RenderOptions)
	if err != nil {
		return err
	}
	out.Difference = compared.Difference
	otherwise := "Generate the platform with gitopsgen " + g.Version
	if o.Merge != nil {
		otherwise = "Upgrade the platform to gitopsgen " + g.Version
	}
	subject := cmp.Or(o.Commit.Message, out.Subject, otherwise)
	var reasons []string
	for _, c := range changes {
		if text := c.String(); text != subject {
			reasons = append(reasons, text)
		}
	}
	if subject != otherwise && have.Lock.Gitopsgen != g.Version {
		reasons = append(reasons, otherwise)
	}
	o.Commit.Message = subject + "\n" + review.Commit(out.Difference, reasons)
	return nil
}

// changes are those of gitopsgen.yaml. Versions of charts that follow from another version of gitopsgen are none.
func (g Generator) changes(before Repository, out *Generated) ([]intent.Change, error) {
	changes, err := intent.Between(before.Document.Spec, out.Document.Spec)
	if before.Lock.Gitopsgen != g.Version {
		changes = slices.DeleteFunc(changes, func(c intent.Change) bool {
			return slices.ContainsFunc(out.Versions, func(v Version) bool { return v.Path == c.Path.String() })
		})
	}
	return changes, err
}

// before is what a directory holds, with the gitopsgen.yaml that was applied last; where nobody knows that one, or nothing followed
// from what was committed since, with the one that was committed last, or the one that stands there. found is false where none can be
// read: then nobody knows what was changed in it.
func (g Generator) before(ctx context.Context, have upgrade.Existing) (r Repository, found bool, err error) {
	committed, _, _ := snapshot.ReadRevision(ctx, have.Dir, "HEAD", blueprint.SpecFile) // there may be no Git, or no commit
	trees := []tree.Tree{committed, have.Tree}
	if spec, _ := committed.File(blueprint.SpecFile); have.Lock.Spec != nil && !g.alike(ctx, have, spec.Data) {
		applied, err := tree.New(tree.File{Path: blueprint.SpecFile, Data: have.Lock.Spec})
		if err != nil {
			return r, false, err
		}
		trees = slices.Insert(trees, 0, applied)
	}
	for _, t := range trees {
		if r, err = readSpec(t, blueprint.SpecFile, blueprint.Medium); err == nil && r.Document != nil {
			r.Tree, r.Lock = have.Tree, have.Lock
			return r, true, ctx.Err()
		}
	}
	return r, false, ctx.Err()
}

// alike reports whether the same follows from a spec as from the one that was applied last.
func (g Generator) alike(ctx context.Context, have upgrade.Existing, spec []byte) bool {
	if bytes.Equal(spec, have.Lock.Spec) {
		return true
	}
	var made [2]laid
	for i, text := range [][]byte{spec, have.Lock.Spec} {
		var err error
		if made[i], err = g.lay(ctx, SpecText{Text: text, File: blueprint.SpecFile, Folder: have.Dir}, have); err != nil {
			return false
		}
	}
	return made[0].Lock.SameFiles(made[1].Lock)
}
