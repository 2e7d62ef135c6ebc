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
	// Versions are those of charts that an upgrade would take over into the spec.
	Versions []Version
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
	err = s.compare(ctx, g, have)
	return s, err
}

// compare holds what stands there against what would be written.
func (s *Standing) compare(ctx context.Context, g Generator, have upgrade.Existing) error {
	f, _ := have.Tree.File(blueprint.SpecFile)
	text := SpecText{Text: f.Data, File: filepath.Join(have.Dir, blueprint.SpecFile), Folder: have.Dir}
	in := status.Input{Version: g.Version, Have: have}
	in.Merge.Keys = g.ListKeys
	now, err := g.lay(ctx, text, have)
	if err != nil {
		return err
	}
	in.Want, in.Choices, in.Can = now.State, now.Blueprint.Capabilities, now.can.Capabilities
	if in.Applied = in.Want; have.Lock.Spec != nil && !bytes.Equal(have.Lock.Spec, text.Text) {
		text.Text = have.Lock.Spec
		if was, err := g.lay(ctx, text, have); err == nil { // else it cannot be told what comes from where
			in.Applied = was.State
		}
	}
	if s.Status, err = status.Of(in); err != nil {
		return err
	}
	if s.Platform, s.Versions = now.Platform, now.Versions; len(s.Versions) > 0 {
		s.Upgrade, s.Outdated = s.Upgrade+1, true // for gitopsgen.yaml is written, too
	}
	return nil
}

// laid is a platform with the tree that an upgrade would merge.
type laid struct {
	Generated
	upgrade.State
}

// lay makes of a spec what would stand in a directory.
func (g Generator) lay(ctx context.Context, text SpecText, have upgrade.Existing) (l laid, err error) {
	if l.Platform, err = g.Evaluate(ctx, text); err != nil {
		return l, err
	}
	if l.State.Tree, err = g.laidOut(ctx, &l.Generated, &have); err != nil {
		return l, err
	}
	l.State.Lock, _, err = lock.Read(l.State.Tree)
	return l, err
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
