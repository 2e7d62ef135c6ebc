package generator

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// RecordsDir is where a repository keeps records of its own.
const RecordsDir = ".gitopsgen/records"

// Lay lays the repository of a platform out, as it would be in an empty directory. Nothing is written.
func (g Generator) Lay(ctx context.Context, p Platform) (Repository, error) {
	t, err := g.tree(ctx, p, upgrade.Existing{Empty: true})
	if err != nil {
		return Repository{}, err
	}
	return g.Read(t, p.Spec.Tier)
}

// Looks keep what charts render to for several repositories, at the first look and at the second: what these have alike is
// rendered twice in all.
type Looks [2]build.Made

// Record adds to set, in files of this name, what the charts of a generated repository render to, as far as set lacks that.
// The charts of those must be at hand. Faults say what is better not rendered so.
func (g Generator) Record(ctx context.Context, r Repository, name string, set record.Set, looks *Looks) (faults []string, err error) {
	wanted := slices.DeleteFunc(slices.Clone(r.Lock.Records), func(l lock.Record) bool { return set.Has(l.Component, l.Key) })
	if len(wanted) == 0 {
		return nil, nil
	}
	rendered, faults, err := g.renderTwice(ctx, r, looks)
	if err != nil {
		return nil, err
	}
	for _, l := range wanted {
		if set.Has(l.Component, l.Key) {
			continue // another cluster's component has the same key
		}
		made, err := g.newRecord(ctx, rendered, l)
		if err != nil {
			return nil, err
		}
		set.Add(l.Component, name, made)
	}
	return faults, nil
}

// RecordOwn brings the records up to date that the repository in a directory keeps of its own components: of those whose
// charts render to what the library does not know. It gives the components, and faults as Record does.
func (g Generator) RecordOwn(ctx context.Context, dir string) (components, faults []string, err error) {
	defer g.tell("")
	r, err := g.Open(dir, blueprint.Medium)
	if err != nil {
		return nil, nil, err
	}
	keys, own := map[string]bool{}, []lock.Record(nil)
	for _, l := range r.Lock.Unedited(r.Lock.Edited(r.Tree)) {
		_, known, err := record.Find(g.Records, l.Component, l.Key)
		if err != nil {
			return nil, nil, err
		}
		if keys[l.Key] = !known; !known {
			own = append(own, l)
		}
	}
	r.Lock.Records = own
	set, err := record.ReadSet(r.Tree.FS(RecordsDir))
	if err != nil {
		return nil, nil, fmt.Errorf("%s/%w", RecordsDir, err)
	}
	set.Keep(keys)
	if faults, err = g.Record(ctx, r, "own", set, new(Looks)); err != nil {
		return nil, nil, err
	}
	for _, l := range r.Lock.Records {
		components = append(components, l.Component)
	}
	slices.Sort(components)
	return slices.Compact(components), faults, writeRecords(r, set)
}

// writeRecords makes the files of a repository's own records those of a set.
func writeRecords(r Repository, set record.Set) error {
	files, err := set.Files()
	if err != nil {
		return err
	}
	stays := map[string]bool{}
	for i, f := range files {
		files[i].Path = path.Join(RecordsDir, f.Path)
		stays[files[i].Path] = true
	}
	changes := gitrepo.Differing(r.Tree, files...)
	for _, f := range r.Tree.Under(RecordsDir) {
		if !stays[f.Path] {
			changes = append(changes, gitrepo.Change{File: f, Remove: true})
		}
	}
	return gitrepo.Replace(r.Dir, changes)
}

// renderTwice renders a repository, and again: charts that make something up as they render cannot be recorded, nor synced.
func (g Generator) renderTwice(ctx context.Context, r Repository, looks *Looks) (first Rendered, faults []string, err error) {
	var results [2]Rendered
	for i := range results {
		results[i], err = g.Render(ctx, r, RenderOptions{Made: &looks[i]})
		if err != nil {
			return first, nil, err
		}
	}
	for i, res := range results[0].Resources {
		if !reflect.DeepEqual(res.Object, results[1].Resources[i].Object) {
			faults = append(faults, fmt.Sprintf("%s of %s renders otherwise each time", res.ID, res.Origin.Chart))
		}
		for _, fault := range record.Faults(res) {
			faults = append(faults, fmt.Sprintf("%s of %s: %s", res.ID, res.Origin.Chart, fault))
		}
	}
	return results[0], faults, nil
}

// newRecord makes the record of one component out of what a repository renders to. Where its charts are not at hand, or have
// no objects at all, that is an error.
func (g Generator) newRecord(ctx context.Context, r Rendered, l lock.Record) (record.Record, error) {
	made := record.Record{Keys: []string{l.Key}}
	var charts []string
	for _, res := range r.Resources {
		if res.Origin.Recorded {
			continue
		}
		if path.Dir(res.Origin.Place.File) == l.Path && res.Origin.Chart != "" && !slices.Contains(charts, res.Origin.Chart) {
			charts = append(charts, res.Origin.Chart)
		}
	}
	if len(charts) == 0 {
		return made, fault.Hint(fmt.Errorf("%s: it is not rendered, so it cannot be recorded", l.Path), "gitopsgen lint says why")
	}
	for _, of := range charts {
		one := record.Chart{}
		one.Name, one.Version, _ = strings.Cut(of, " ")
		i := slices.IndexFunc(r.Lock.Charts, func(c lock.Chart) bool { return c.Name == one.Name && c.Version == one.Version })
		if i < 0 {
			return made, fmt.Errorf("%s: chart %s is not in the lock: gitopsgen lock", l.Path, of)
		}
		found, err := supply.Fetcher{Places: g.Places}.Chart(ctx, r.Lock.Charts[i])
		if err != nil {
			return made, fmt.Errorf("chart %s of %s: %w", of, chart.Location(r.Lock.Charts[i].Repository), err)
		}
		one.Content = found.Content
		one.Images, one.Objects = record.Facts(slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool {
			return path.Dir(res.Origin.Place.File) != l.Path || res.Origin.Chart != of
		}), g.Namespaced)
		made.Charts = append(made.Charts, one)
	}
	return made.Plain()
}
