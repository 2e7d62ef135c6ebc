package supply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Repository is a tree with the charts that it names, and its lock.
type Repository struct {
	// Walk brings to a store the charts that Applications name, wherever these stand; nil brings none.
	Walk func(ctx context.Context, s *Store) error

	tree tree.Tree
	lock lock.Lock
	// entries are the charts of kustomizations, named all that are to be locked.
	entries, named []build.Unit
}

// Read finds the charts that the kustomizations of a tree name. One that cannot be read is an error: it may name some.
func Read(t tree.Tree, l lock.Lock) (Repository, error) {
	r := Repository{tree: t, lock: l}
	var wrong []build.Problem
	if r.entries, wrong = build.Units(t); len(wrong) > 0 {
		return r, fmt.Errorf("%s: %s", wrong[0].Place, wrong[0].Message)
	}
	// What names no repository stands in this one, and Git keeps its bytes.
	r.entries = slices.DeleteFunc(r.entries, func(e build.Unit) bool { return e.Chart.Repo == "" })
	return r, nil
}

// homes are the directories in which kustomize looks for charts here.
func (r Repository) homes() []build.Charts {
	dirs := []string{lock.ChartHome}
	for _, e := range r.entries {
		dirs = append(dirs, e.Dir)
	}
	slices.Sort(dirs)
	var homes []build.Charts
	for _, dir := range slices.Compact(dirs) {
		homes = append(homes, chart.Home{Tree: r.tree, Dir: dir})
	}
	return homes
}

// distinct leaves the first entry of each chart, sorted by name.
func distinct(entries []build.Unit) []build.Unit {
	all := slices.Clone(entries)
	slices.SortStableFunc(all, func(a, b build.Unit) int {
		return cmp.Or(strings.Compare(a.Chart.Name, b.Chart.Name), strings.Compare(a.Chart.Repo, b.Chart.Repo), strings.Compare(a.Chart.Version, b.Chart.Version))
	})
	return slices.CompactFunc(all, func(a, b build.Unit) bool { return a.Chart == b.Chart })
}

// before is the locked version of a chart that nothing here names any more; empty where there is none.
func (r Repository) before(ref chart.Ref) string {
	for _, old := range r.lock.Charts {
		gone := !slices.ContainsFunc(r.named, func(e build.Unit) bool {
			return e.Chart.Public() == refOf(old)
		})
		if gone && old.Name == ref.Name && old.Repository == ref.Public().Repo {
			return old.Version
		}
	}
	return ""
}
