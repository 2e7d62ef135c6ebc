package generator

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/status"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// Standing is how a repository stands, with its platform.
type Standing struct {
	status.Status
	Platform Platform
}

// Status says how the repository in a directory stands. It renders, fetches and writes nothing.
func (g Generator) Status(ctx context.Context, dir string) (s Standing, err error) {
	defer g.tell("")
	s.Version = g.Version
	if err := isThere(dir); err != nil {
		return s, err
	}
	if s.Unfinished, err = gitrepo.Unfinished(dir); err != nil || s.Unfinished {
		return s, err
	}
	have, merge, err := g.readExisting(ctx, dir, nil)
	switch {
	case err != nil:
		return s, err
	case len(merge.Sides) > 0:
		return s, stillMerging(dir)
	case have.Lock.Blueprint == "":
		return s, notGenerated(dir, have.Tree)
	}
	f, _ := have.Tree.File(blueprint.SpecFile)
	text := SpecText{Text: f.Data, File: filepath.Join(dir, blueprint.SpecFile), Folder: dir}
	in := status.Input{Version: g.Version, Have: have}
	if s.Platform, in.Want, err = g.lay(ctx, text, have); err != nil {
		return s, err
	}
	in.Applied, in.Choices, in.Can = in.Want, s.Platform.Blueprint.Capabilities, s.Platform.can.Capabilities
	if spec := have.Lock.Spec; spec != nil && !bytes.Equal(spec, text.Text) {
		text.Text = spec
		if _, applied, err := g.lay(ctx, text, have); err == nil { // else it cannot be told what comes from where
			in.Applied = applied
		}
	}
	s.Status, err = status.Of(in)
	return s, err
}

// lay makes of a spec what would stand in a directory.
func (g Generator) lay(ctx context.Context, text SpecText, have upgrade.Existing) (p Platform, s upgrade.State, err error) {
	if p, err = g.Evaluate(ctx, text); err != nil {
		return p, s, err
	}
	if s.Tree, err = g.tree(ctx, p, have); err != nil {
		return p, s, err
	}
	s.Lock, _, err = lock.Read(s.Tree)
	return p, s, err
}

// isThere gives an error where a directory does not exist.
func isThere(dir string) error {
	if !exists(dir) {
		return fault.Misuse(fmt.Errorf("%s: there is no such directory", dir))
	}
	return nil
}

// notGenerated is the error of a directory without a lock.
func notGenerated(dir string, t tree.Tree) error {
	if slices.ContainsFunc(t.Files(), func(f tree.File) bool { return upgrade.Own(f.Path) }) {
		return fault.Hint(fmt.Errorf("%s: it has no %s, but more that gitopsgen wrote", dir, lock.Path), "git restore "+lock.Path+" brings it back where that is not committed; gitopsgen upgrade --repair-base finds out what can be known")
	}
	return fault.Hint(fmt.Errorf("%s: it has no %s, so gitopsgen did not generate it", dir, lock.Path), "gitopsgen scaffold makes a repository")
}
