package generator

import (
	"context"
	"errors"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// LockOptions say how charts are locked.
type LockOptions struct {
	supply.LockOptions
	// Check writes nothing.
	Check bool
}

// Lock pins the charts of the repository in a directory. Nothing is written where charts are refused.
func (g Generator) Lock(ctx context.Context, dir string, o LockOptions) (supply.Locked, error) {
	defer g.tell("")
	r, named, err := g.charts(dir)
	if err != nil {
		return supply.Locked{}, err
	}
	locked, err := named.Lock(ctx, g.fetcher(), o.LockOptions)
	if err != nil {
		return locked, err
	}
	locked.Report.Notes = append(locked.Report.Notes, g.Places.Silent()...)
	if o.Check || !locked.Changed || locked.Refused() {
		return locked, nil
	}
	data, err := locked.Lock.Encode()
	if err != nil {
		return locked, err
	}
	locked.Report.Written = true
	return locked, gitrepo.Replace(r.Dir, []gitrepo.Change{{File: tree.File{Path: lock.Path, Data: data}}})
}

// Vendor puts the charts of the repository in a directory into it, and says how each stands in the lock. Nothing is written
// where one cannot be had: Failure of what is locked says so.
func (g Generator) Vendor(ctx context.Context, dir string) (pinned supply.Locked, v supply.Vendoring, err error) {
	defer g.tell("")
	r, named, err := g.charts(dir)
	if err == nil {
		err = r.Lock.Sound() // whose archives are written anew
	}
	if err != nil {
		return pinned, v, err
	}
	if pinned, err = named.Pinned(ctx, g.fetcher()); err != nil {
		return pinned, v, err
	}
	pinned.Report.Notes = append(pinned.Report.Notes, g.Places.Silent()...)
	if pinned.Failure() != nil {
		return pinned, v, nil
	}
	if v, err = named.Vendor(pinned); err != nil {
		return pinned, v, err
	}
	if err := gitrepo.Replace(r.Dir, v.Changes); err != nil {
		return pinned, v, err
	}
	after, err := gitrepo.Read(r.Dir)
	if err != nil {
		return pinned, v, err
	}
	v.Unseen = supply.Unseen(after, v.Needed)
	return pinned, v, nil
}

// Vendored says which charts are not in the repository as its lock has them, and how many it needs.
func (g Generator) Vendored(dir string) (wrong []string, needed int, err error) {
	r, named, err := g.charts(dir)
	if err != nil {
		return nil, 0, err
	}
	if wrong, needed = named.Vendored(); len(wrong)+needed+len(r.Lock.Charts) == 0 {
		return nil, 0, errors.New("no kustomization here names a chart of a repository")
	}
	return wrong, needed, nil
}

// charts reads a repository for its charts.
func (g Generator) charts(dir string) (Repository, supply.Repository, error) {
	r, err := g.Open(dir, blueprint.Medium)
	if err != nil {
		return r, supply.Repository{}, err
	}
	if r.Lock.Gitopsgen == "" {
		r.Lock.Gitopsgen, r.Lock.Requires = g.Version, g.Version
	}
	g.Places.Allow(r.Spec.Registries.Mirror.Hosts()...)
	named, err := supply.Read(r.Tree, r.Lock)
	named.Walk = func(ctx context.Context, s *supply.Store) error {
		o := g.options(r, RenderOptions{})
		o.Charts, o.Pins, o.Ahead, o.FollowOnly = []build.Charts{s}, s.Pins, s.Bring, true
		_, err := render.All(ctx, r.Tree, o)
		return err
	}
	return r, named, err
}

func (g Generator) fetcher() supply.Fetcher {
	return supply.Fetcher{Places: g.Places, Progress: g.Progress}
}
