package build

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// complete gives the files of a chart of the repository with those that it needs: packed ones are unpacked, and those that are
// not there are brought as `helm dependency build` brings them. ok is false where that did not work, which is told. An error
// means that ctx has ended.
func (r *release) complete(ctx context.Context, files []tree.File) (all []tree.File, ok bool, err error) {
	all, err = chart.Whole(files)
	if err != nil {
		r.fail(r.unit.Place, "%s", oneLine(err.Error()))
		return nil, false, nil
	}
	needs, err := chart.Needs(all)
	var wrong *chart.OutOfSync
	if errors.As(err, &wrong) {
		r.fail(r.digestOf(wrong.File), "%s", err)
		return nil, false, nil
	}
	for i, d := range needs {
		brought, err := r.bring(ctx, d)
		if err != nil || len(brought) == 0 {
			return nil, false, err
		}
		for _, f := range brought {
			all = append(all, tree.File{Path: fmt.Sprintf("charts/needed-%d/%s", i, f.Path), Data: f.Data})
		}
	}
	return all, true, nil
}

// digestOf is where the digest stands in the lock of the chart, which says for which dependencies it was written.
func (r *release) digestOf(lock string) manifest.Place {
	file := path.Join(r.unit.Dir, lock)
	f, _ := r.Repository.Tree.File(file)
	line := 1 + slices.IndexFunc(strings.Split(string(f.Data), "\n"), func(line string) bool { return strings.HasPrefix(line, "digest:") })
	return manifest.Place{File: f.Path, Line: max(1, line), Column: 1}
}

// bring gets one chart that the chart needs; none where that did not work, which is told.
func (r *release) bring(ctx context.Context, d chart.Dependency) ([]tree.File, error) {
	local, isLocal := strings.CutPrefix(d.Repository, "file://")
	switch {
	case d.Repository == "":
		r.fail(r.unit.Place, "it depends on %q, which names no repository and does not stand in charts/", d.Name)
	case d.Version == "":
		r.fail(r.unit.Place, "it depends on %q without a version", d.Name)
	case strings.HasPrefix(d.Repository, "@"), strings.HasPrefix(d.Repository, "alias:"):
		r.lack(State{Kind: NotRendered, Reason: fmt.Sprintf("its chart depends on %q of %q, a name that only Argo CD's own settings explain", d.Name, d.Repository), Hint: hintDependency})
	case isLocal:
		return r.local(d, local), nil
	default:
		found, _, err := r.fetch(ctx, chart.Ref{Repo: d.Repository, Name: d.Name, Version: d.Version})
		return found.Files, err
	}
	return nil, nil
}

// local gives a chart of the repository that the chart needs. What that one needs in turn it has, or does without: Helm looks
// no further.
func (r *release) local(d chart.Dependency, at string) []tree.File {
	dir := path.Join(r.unit.Dir, at)
	if path.IsAbs(at) || r.Repository.Tree.LeadsOut(r.unit.Dir, dir) {
		r.fail(r.unit.Place, "it depends on %q in %q, which leads out of the repository", d.Name, at)
		return nil
	}
	dir = r.Repository.Tree.Real(dir)
	if way := r.Repository.round(dir, []string{r.unit.Dir}); way != nil {
		r.fail(r.unit.Place, "its dependencies go round: %s", strings.Join(way, ", "))
		return nil
	}
	files := chart.In(r.Repository.Tree, dir)
	switch m := chart.MetadataIn(files); {
	case m.Name != d.Name:
		r.fail(r.unit.Place, "it depends on %q in %q, where no such chart stands", d.Name, at)
		return nil
	case !chart.Satisfies(d.Version, m.Version):
		r.fail(r.unit.Place, "it depends on %q %s in %q, where version %s stands", d.Name, d.Version, at, m.Version)
		return nil
	}
	for _, f := range files {
		r.read[r.Repository.Tree.Real(path.Join(dir, f.Path))] = true
	}
	files, err := chart.Whole(files)
	if err != nil {
		r.fail(r.unit.Place, "%s: %s", dir, oneLine(err.Error()))
	}
	return files
}

// round gives the way on which charts of the repository need each other in a circle; nil where they do not.
func (r *Repository) round(dir string, way []string) []string {
	seen := slices.Contains(way, dir)
	if way = append(slices.Clone(way), dir); seen || len(way) > chart.MaxNested {
		return way
	}
	for _, d := range chart.MetadataIn(chart.In(r.Tree, dir)).Dependencies {
		if at, ok := strings.CutPrefix(d.Repository, "file://"); ok {
			if found := r.round(r.Tree.Real(path.Join(dir, at)), way); found != nil {
				return found
			}
		}
	}
	return nil
}
