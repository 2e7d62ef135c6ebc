package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// vendoring is what has to change so that a repository holds its charts.
type vendoring struct {
	repository chartRepository
	lock       layout.Lock
	charts     map[chart.Ref]chart.Chart
	// needed are the contents of the folders that kustomizations need.
	needed  map[string]string
	changes []gitrepo.Change
	lines   []string
}

// plan works out the changes.
func (v *vendoring) plan() error {
	v.needed = map[string]string{}
	v.lock.Vendored = nil
	for _, e := range v.repository.entries {
		if err := v.bring(e); err != nil {
			return err
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(v.needed)) {
		v.lock.Vendored = append(v.lock.Vendored, layout.VendoredChart{Path: folder, Content: v.needed[folder]})
	}
	for _, old := range v.repository.lock.Vendored {
		if _, needed := v.needed[old.Path]; !needed {
			v.drop(old)
		}
	}
	return v.point()
}

// bring puts one chart where its kustomization looks for it.
func (v *vendoring) bring(e render.ChartEntry) error {
	home := v.home(e)
	if home == ".." || strings.HasPrefix(home, "../") {
		return fmt.Errorf("%s: the chartHome of its kustomization leads out of the repository", e.Place)
	}
	folder, c := chart.Home{Dir: home}.Folder(e.Ref), v.charts[e.Ref]
	if have, known := v.needed[folder]; known {
		if have != c.Content {
			return fmt.Errorf("%s: another chart %s of another repository goes to %s too: give one of the kustomizations a helmGlobals.chartHome of its own", e.Place, e.Ref, folder)
		}
		return nil
	}
	v.needed[folder] = c.Content
	have, there := standing(v.repository.tree, folder)
	if there && have.Content == c.Content {
		v.lines = append(v.lines, "present   "+folder)
		return nil
	}
	ours := slices.ContainsFunc(v.repository.lock.Vendored, func(old layout.VendoredChart) bool { return old.Path == folder })
	if there && !ours {
		return hintError{
			fmt.Errorf("%s: %s is in the way: it is not what the lock has of chart %s", e.Place, folder, e.Ref),
			"remove it, or move it away",
		}
	}
	verb := "vendored "
	if there {
		verb = "restored "
	}
	v.lines = append(v.lines, fmt.Sprintf("%s %s, %s", verb, folder, plural(len(c.Files), "file")))
	keep := map[string]bool{}
	for _, f := range c.Files {
		keep[f.Path] = true
		v.changes = append(v.changes, gitrepo.Change{File: tree.File{Path: path.Join(folder, f.Path), Data: f.Data}})
	}
	for _, f := range have.Files {
		if !keep[f.Path] {
			v.changes = append(v.changes, gitrepo.Change{File: tree.File{Path: path.Join(folder, f.Path)}, Remove: true})
		}
	}
	return nil
}

// home is the directory that the chart of an entry goes to.
func (v *vendoring) home(e render.ChartEntry) string {
	if e.OwnHome || v.readsValues(e.Place.File) {
		return e.Home
	}
	return layout.ChartHome
}

// readsValues reports whether kustomize reads a chart's own values for an entry of a kustomization: it reads no file
// outside of the kustomization's directory.
func (v *vendoring) readsValues(file string) bool {
	return slices.ContainsFunc(v.repository.entries, func(e render.ChartEntry) bool { return e.Place.File == file && e.ReadsValues })
}

// drop removes a chart that nothing needs any more, unless somebody edited it.
func (v *vendoring) drop(old layout.VendoredChart) {
	have, ok := standing(v.repository.tree, old.Path)
	if !ok {
		return
	}
	if have.Content != old.Content {
		v.lines = append(v.lines, "left      "+old.Path+": nothing needs it, and somebody edited it")
		return
	}
	for _, f := range v.repository.tree.Under(old.Path) {
		v.changes = append(v.changes, gitrepo.Change{File: f, Remove: true})
	}
	v.lines = append(v.lines, "removed   "+old.Path)
}

// standing gives the chart that stands in a folder.
func standing(t tree.Tree, folder string) (chart.Chart, bool) {
	c, err := chart.Home{Tree: t, Dir: path.Dir(folder)}.Chart(context.Background(), chart.Ref{Name: path.Base(folder)})
	return c, err == nil
}

// point makes the kustomizations look for their charts where those are.
func (v *vendoring) point() error {
	var files []string
	for _, e := range v.repository.entries {
		if v.home(e) != e.Home {
			files = append(files, e.Place.File)
		}
	}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		f, _ := v.repository.tree.File(file)
		data, err := withChartHome(file, f.Data)
		if err != nil {
			return err
		}
		if pristine, ok := v.lock.Pristine(v.repository.tree, file); ok {
			if pristine, err = withChartHome(file, pristine); err != nil {
				return err
			}
			var base tree.File
			v.lock, base = v.lock.Rewrite(file, pristine)
			v.changes = append(v.changes, gitrepo.Change{File: base})
		}
		f.Data = data
		v.changes = append(v.changes, gitrepo.Change{File: f})
		v.lines = append(v.lines, "edited    "+file+": helmGlobals.chartHome")
	}
	return nil
}

// withChartHome is the text of a kustomization that looks for charts in the repository's own folder.
func withChartHome(file string, text []byte) ([]byte, error) {
	edited, err := blueprint.Edit(text, []blueprint.Setting{{
		Path: []any{"helmGlobals", "chartHome"}, Value: layout.ChartHomeFrom(path.Dir(file)), After: "helmCharts",
	}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return edited, nil
}

// encodeLock puts the lock in front of the changes, if it is another one.
func (v *vendoring) encodeLock() error {
	data, err := v.lock.Encode()
	if err != nil {
		return err
	}
	if have, ok := v.repository.tree.File(layout.LockFile); !ok || !bytes.Equal(have.Data, data) {
		v.changes = append([]gitrepo.Change{{File: tree.File{Path: layout.LockFile, Data: data}}}, v.changes...)
	}
	return nil
}
