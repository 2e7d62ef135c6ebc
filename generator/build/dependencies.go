package build

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// metadata is what a chart says of itself and of the charts that it needs.
type metadata struct {
	Name, Version, Type string
	Dependencies        []dependency
}

type dependency struct {
	Name, Version, Repository string
}

// metadataIn reads the metadata of a chart. What cannot be read Helm tells of when it renders the chart.
func metadataIn(files []tree.File) metadata {
	var m, more metadata
	for _, f := range files {
		switch f.Path {
		case chart.File:
			_ = sigs.Unmarshal(f.Data, &m)
		case "requirements.yaml":
			_ = sigs.Unmarshal(f.Data, &more)
		}
	}
	m.Dependencies = append(m.Dependencies, more.Dependencies...)
	return m
}

// locked are the versions that `helm dependency update` wrote down, by the charts' names.
func locked(files []tree.File) map[string]string {
	versions := map[string]string{}
	for _, f := range files {
		if f.Path == "Chart.lock" || f.Path == "requirements.lock" {
			var lock metadata
			_ = sigs.Unmarshal(f.Data, &lock)
			for _, d := range lock.Dependencies {
				versions[d.Name] = d.Version
			}
		}
	}
	return versions
}

// complete gives the files of a chart of the repository with those that it needs: packed ones are unpacked, and those that are
// not there are brought as `helm dependency build` brings them. ok is false where that did not work, which is told. An error
// means that ctx has ended.
func (r *release) complete(ctx context.Context, files []tree.File) (all []tree.File, ok bool, err error) {
	all, err = unpacked(files, 0)
	if err != nil {
		r.fail(r.unit.Place, "%s", oneLine(err.Error()))
		return nil, false, nil
	}
	have := map[string]bool{}
	for _, f := range all {
		if parts := strings.Split(f.Path, "/"); len(parts) == 3 && parts[0] == "charts" && parts[2] == chart.File {
			have[metadataIn([]tree.File{{Path: chart.File, Data: f.Data}}).Name] = true
		}
	}
	versions := locked(files)
	for _, d := range metadataIn(files).Dependencies {
		if have[d.Name] || d.Name == "" {
			continue
		}
		have[d.Name] = true
		if v := versions[d.Name]; v != "" {
			d.Version = v
		}
		brought, err := r.bring(ctx, d)
		if err != nil || len(brought) == 0 {
			return nil, false, err
		}
		for _, f := range brought {
			all = append(all, tree.File{Path: path.Join("charts", d.Name+"-"+d.Version, f.Path), Data: f.Data})
		}
	}
	return all, true, nil
}

// bring gets one chart that the chart needs; none where that did not work, which is told.
func (r *release) bring(ctx context.Context, d dependency) ([]tree.File, error) {
	local, isLocal := strings.CutPrefix(d.Repository, "file://")
	switch {
	case d.Repository == "":
		r.fail(r.unit.Place, "it depends on %q, which names no repository and does not stand in charts/", d.Name)
	case strings.HasPrefix(d.Repository, "@"), strings.HasPrefix(d.Repository, "alias:"):
		r.lack(State{Kind: NotRendered, Reason: fmt.Sprintf("its chart depends on %q of %q, a name that only Argo CD's own settings explain", d.Name, d.Repository), Hint: hintDependency})
	case isLocal:
		return r.local(d, local), nil
	default:
		found, err := r.fetch(ctx, chart.Ref{Repo: d.Repository, Name: d.Name, Version: d.Version}, r.unit.Place)
		return found.Files, err
	}
	return nil, nil
}

// local gives a chart of the repository that the chart needs. What that one needs in turn it has, or does without: Helm looks
// no further.
func (r *release) local(d dependency, at string) []tree.File {
	dir := path.Join(r.unit.Dir, at)
	if path.IsAbs(at) || r.Repository.Tree.LeadsOut(r.unit.Dir, dir) {
		r.fail(r.unit.Place, "it depends on %q in %q, which leads out of the repository", d.Name, at)
		return nil
	}
	if way := r.round(dir, []string{r.unit.Dir}); way != nil {
		r.fail(r.unit.Place, "its dependencies go round: %s", strings.Join(way, ", "))
		return nil
	}
	files := chart.In(r.Repository.Tree, dir)
	if metadataIn(files).Name != d.Name {
		r.fail(r.unit.Place, "it depends on %q in %q, where no such chart stands", d.Name, at)
		return nil
	}
	for _, f := range files {
		r.read[path.Join(dir, f.Path)] = true
	}
	files, err := unpacked(files, 1)
	if err != nil {
		r.fail(r.unit.Place, "%s: %s", dir, oneLine(err.Error()))
	}
	return files
}

// maxNested bounds charts in charts, and charts that need charts of the repository.
const maxNested = 16

// round gives the way on which charts of the repository need each other in a circle; nil where they do not.
func (r *release) round(dir string, way []string) []string {
	seen := slices.Contains(way, dir)
	if way = append(slices.Clone(way), dir); seen || len(way) > maxNested {
		return way
	}
	for _, d := range metadataIn(chart.In(r.Repository.Tree, dir)).Dependencies {
		if at, ok := strings.CutPrefix(d.Repository, "file://"); ok {
			if found := r.round(path.Join(dir, at), way); found != nil {
				return found
			}
		}
	}
	return nil
}

// unpacked gives the files of a chart with those of the archives in its folder charts unpacked, to any depth that somebody needs.
func unpacked(files []tree.File, depth int) ([]tree.File, error) {
	if depth > maxNested {
		return nil, fmt.Errorf("its charts are packed in each other, more than %d deep", maxNested)
	}
	var all []tree.File
	size := 0
	for _, f := range files {
		at, packed := strings.CutSuffix(f.Path, ".tgz")
		if !packed || path.Dir(f.Path) != "charts" {
			all = append(all, f)
			continue
		}
		c, err := chart.Unpack(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		below, err := unpacked(c.Files, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, b := range below {
			if size += len(b.Data); size > maxUnpacked {
				return nil, fmt.Errorf("its charts unpack to more than %d MiB", maxUnpacked>>20)
			}
			all = append(all, tree.File{Path: path.Join(at, b.Path), Data: b.Data})
		}
	}
	return all, nil
}

// maxUnpacked bounds what the archives in a chart unpack to; a large platform's charts have a tenth of it all together.
const maxUnpacked = 200 << 20
