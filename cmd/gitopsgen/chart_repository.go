package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// chartRepository is a repository with the charts that its kustomizations name.
type chartRepository struct {
	dir     string
	tree    tree.Tree
	lock    layout.Lock
	entries []render.ChartEntry
}

// readCharts reads a repository for its charts. A kustomization that cannot be read is an error: it may name some.
func readCharts(dir string) (r chartRepository, err error) {
	r.dir = dir
	if r.tree, err = gitrepo.Read(dir); err != nil {
		return r, err
	}
	var found bool
	if r.lock, found, err = layout.ReadLock(r.tree); err != nil {
		return r, err
	}
	if !found {
		r.lock = layout.Lock{Gitopsgen: version, Requires: version}
	}
	var wrong []render.Problem
	r.entries, wrong = render.ChartEntries(r.tree)
	if len(wrong) > 0 {
		return r, fmt.Errorf("%s: %s", wrong[0].Place, wrong[0].Message)
	}
	// What names no repository stands in this one, and Git keeps its bytes.
	r.entries = slices.DeleteFunc(r.entries, func(e render.ChartEntry) bool { return e.Ref.Repo == "" })
	if len(r.entries) == 0 && len(r.lock.Charts) == 0 {
		return r, errors.New("no kustomization here names a chart of a repository")
	}
	return r, nil
}

// homes are the directories in which kustomize looks for charts here.
func (r chartRepository) homes() []render.Charts {
	dirs := []string{layout.ChartHome}
	for _, e := range r.entries {
		dirs = append(dirs, e.Home)
	}
	slices.Sort(dirs)
	var homes []render.Charts
	for _, dir := range slices.Compact(dirs) {
		homes = append(homes, chart.Home{Tree: r.tree, Dir: dir})
	}
	return homes
}

// distinct leaves the first entry of each chart, sorted by name.
func distinct(entries []render.ChartEntry) []render.ChartEntry {
	all := slices.Clone(entries)
	slices.SortStableFunc(all, func(a, b render.ChartEntry) int {
		return cmp.Or(strings.Compare(a.Ref.Name, b.Ref.Name), strings.Compare(a.Ref.Repo, b.Ref.Repo), strings.Compare(a.Ref.Version, b.Ref.Version))
	})
	return slices.CompactFunc(all, func(a, b render.ChartEntry) bool { return a.Ref == b.Ref })
}

func (r chartRepository) writeLock(lock layout.Lock) error {
	data, err := lock.Encode()
	if err != nil {
		return err
	}
	return gitrepo.Replace(r.dir, []gitrepo.Change{{File: tree.File{Path: layout.LockFile, Data: data}}})
}

// before is the locked version of a chart that nothing here names any more; empty where there is none.
func (r chartRepository) before(ref chart.Ref) string {
	for _, old := range r.lock.Charts {
		gone := !slices.ContainsFunc(r.entries, func(e render.ChartEntry) bool {
			return e.Ref.Public() == old.Ref()
		})
		if gone && old.Name == ref.Name && old.Repository == ref.Public().Repo {
			return old.Version
		}
	}
	return ""
}
