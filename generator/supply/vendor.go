package supply

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Vendoring is what has to change so that a repository holds its charts.
type Vendoring struct {
	// Changes begin with the lock, if it is another one: by it the next run knows as ours what a run leaves half written.
	Changes []gitrepo.Change
	// Lines say what becomes of each folder, sorted.
	Lines []string
	// Needed are the contents of the folders that kustomizations need.
	Needed map[string]string
	// Others counts the charts that Argo CD fetches itself, wherever else they stand.
	Others int
	// Unseen is an error where Git ignores what was written; nil until somebody looked.
	Unseen error

	repository Repository
	lock       lock.Lock
	charts     map[chart.Ref]chart.Chart
}

// Pinned fetches the charts that a repository does not hold as its lock has them. In what it reports a chart that is locked
// and nowhere to be had is missing, if it is a kustomization's: others Argo CD fetches itself.
func (r Repository) Pinned(ctx context.Context, f Fetcher) (Locked, error) {
	f.Places.list = append([]build.Charts{sound{r}}, f.Places.list...)
	pinned, err := r.pin(ctx, f, LockOptions{pinned: true})
	for i, line := range pinned.Report.Charts {
		if line.Action == kept && r.isVendored(line) {
			pinned.Report.Charts[i].Action = missing
		}
	}
	pinned.Report.Charts = slices.DeleteFunc(pinned.Report.Charts, func(l LockLine) bool { return l.Action == missing && !r.isVendored(l) })
	return pinned, err
}

// isVendored reports whether a line of a report is of a chart that goes to the repository.
func (r Repository) isVendored(l LockLine) bool {
	return slices.ContainsFunc(r.entries, func(e build.Unit) bool {
		return e.Chart.Public() == chart.Ref{Repo: l.Repository, Name: l.Name, Version: cmp.Or(l.Range, l.Version)}
	})
}

// Vendor brings the charts that Pinned fetched, and takes away those that nothing needs any more.
func (r Repository) Vendor(pinned Locked) (Vendoring, error) {
	v := Vendoring{repository: r, lock: pinned.Lock, charts: pinned.charts, Needed: map[string]string{}}
	v.lock.Vendored = nil
	for _, line := range pinned.Report.Charts {
		if line.Action != removed && !r.isVendored(line) {
			v.Others++
		}
	}
	for _, e := range r.entries {
		if err := v.bring(e); err != nil {
			return v, err
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(v.Needed)) {
		v.lock.Vendored = append(v.lock.Vendored, lock.Vendored{Path: folder, Content: v.Needed[folder]})
	}
	for _, old := range r.lock.Vendored {
		if _, needed := v.Needed[old.Path]; !needed {
			v.drop(old)
		}
	}
	if err := v.point(); err != nil {
		return v, err
	}
	slices.Sort(v.Lines)
	return v, v.encodeLock()
}

// sound is a place that gives the charts that stand in a repository as its lock has them.
type sound struct{ Repository }

// Chart implements build.Charts.
func (s sound) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	old, _ := find(s.lock.Charts, ref)
	for _, home := range s.homes() {
		if c, err := home.Chart(ctx, ref); err == nil && c.Content == old.Content {
			return c, nil
		}
	}
	return chart.Chart{}, chart.ErrNone
}

// bring puts one chart where its kustomization looks for it.
func (v *Vendoring) bring(e build.Unit) error {
	home := v.home(e)
	if home == ".." || strings.HasPrefix(home, "../") {
		return fmt.Errorf("%s: the chartHome of its kustomization leads out of the repository", e.Place)
	}
	folder, c := chart.Home{Dir: home}.Folder(e.Chart), v.charts[e.Chart]
	if have, known := v.Needed[folder]; known {
		if have != c.Content {
			return fmt.Errorf("%s: another chart %s of another repository goes to %s too: give one of the kustomizations a helmGlobals.chartHome of its own", e.Place, e.Chart, folder)
		}
		return nil
	}
	v.Needed[folder] = c.Content
	have, there := standing(v.repository.tree, folder)
	if there && have.Content == c.Content {
		v.Lines = append(v.Lines, "present   "+folder)
		return nil
	}
	ours := slices.ContainsFunc(v.repository.lock.Vendored, func(old lock.Vendored) bool { return old.Path == folder })
	if there && !ours {
		return fault.Hint(
			fmt.Errorf("%s: %s is in the way: it is not what the lock has of chart %s", e.Place, folder, e.Chart),
			"remove it, or move it away",
		)
	}
	verb := "vendored "
	if there {
		verb = "restored "
	}
	v.Lines = append(v.Lines, fmt.Sprintf("%s %s, %s", verb, folder, wording.Count(len(c.Files), "file")))
	v.replace(folder, have, c)
	return nil
}

// replace makes the files of a folder those of a chart.
func (v *Vendoring) replace(folder string, have, c chart.Chart) {
	keep := map[string]bool{}
	for _, f := range c.Files {
		keep[f.Path] = true
		v.Changes = append(v.Changes, gitrepo.Change{File: tree.File{Path: path.Join(folder, f.Path), Data: f.Data}})
	}
	for _, f := range have.Files {
		if !keep[f.Path] {
			v.Changes = append(v.Changes, gitrepo.Change{File: tree.File{Path: path.Join(folder, f.Path)}, Remove: true})
		}
	}
}

// home is the directory that the chart of an entry goes to.
func (v *Vendoring) home(e build.Unit) string {
	if e.OwnHome || v.readsValues(e.Place.File) {
		return e.Dir
	}
	return lock.ChartHome
}

// readsValues reports whether kustomize reads a chart's own values for an entry of a kustomization: it reads no file
// outside of the kustomization's directory.
func (v *Vendoring) readsValues(file string) bool {
	return slices.ContainsFunc(v.repository.entries, func(e build.Unit) bool { return e.Place.File == file && e.ReadsValues() })
}

// drop removes a chart that nothing needs any more, unless somebody edited it.
func (v *Vendoring) drop(old lock.Vendored) {
	have, ok := standing(v.repository.tree, old.Path)
	if !ok {
		return
	}
	if have.Content != old.Content {
		v.Lines = append(v.Lines, "left      "+old.Path+": nothing needs it, and somebody edited it")
		return
	}
	for _, f := range v.repository.tree.Under(old.Path) {
		v.Changes = append(v.Changes, gitrepo.Change{File: f, Remove: true})
	}
	v.Lines = append(v.Lines, "removed   "+old.Path)
}

// standing gives the chart that stands in a folder.
func standing(t tree.Tree, folder string) (chart.Chart, bool) {
	c, err := chart.Home{Tree: t, Dir: path.Dir(folder)}.Chart(context.Background(), chart.Ref{Name: path.Base(folder)})
	return c, err == nil
}

// point makes the kustomizations look for their charts where those are.
func (v *Vendoring) point() error {
	var files []string
	for _, e := range v.repository.entries {
		if v.home(e) != e.Dir {
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
		if pristine, ok := v.lock.Pristine(file); ok {
			if pristine, err = withChartHome(file, pristine); err != nil {
				return err
			}
			v.lock = v.lock.Rewrite(file, pristine)
		}
		f.Data = data
		v.Changes = append(v.Changes, gitrepo.Change{File: f})
		v.Lines = append(v.Lines, "edited    "+file+": helmGlobals.chartHome")
	}
	return nil
}

// withChartHome is the text of a kustomization that looks for charts in the repository's own folder.
func withChartHome(file string, text []byte) ([]byte, error) {
	edited, err := edit.Apply(text, []edit.Setting{{
		Path: []any{"helmGlobals", "chartHome"}, Value: lock.ChartHomeFrom(path.Dir(file)), After: "helmCharts",
	}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return edited, nil
}

// encodeLock puts the lock and the archives beside it in front of the changes, as far as they are others.
func (v *Vendoring) encodeLock() error {
	data, err := v.lock.Encode()
	if err != nil {
		return err
	}
	archives, err := v.lock.Archives()
	if err != nil {
		return err
	}
	own := append([]tree.File{{Path: lock.Path, Data: data}}, archives...)
	v.Changes = append(gitrepo.Differing(v.repository.tree, own...), v.Changes...)
	return nil
}

// Unseen gives an error unless a tree, read again, holds the folders that are needed: Git may ignore what was written.
func Unseen(t tree.Tree, needed map[string]string) error {
	for _, folder := range slices.Sorted(maps.Keys(needed)) {
		if c, ok := standing(t, folder); !ok || c.Content != needed[folder] {
			return fault.Hint(fmt.Errorf("%s is written, but Git ignores files of it", folder),
				"git check-ignore -v "+folder+"/* says by which line of which .gitignore; mend that")
		}
	}
	return nil
}

// Vendored says which charts are not in the repository as its lock has them; of how many it holds is the number.
func (r Repository) Vendored() (wrong []string, charts int) {
	v := Vendoring{repository: r}
	needed := map[string]bool{}
	for _, e := range r.entries {
		home := chart.Home{Dir: v.home(e)}
		needed[home.Folder(e.Chart)] = true
		if fault := r.lacks(e, home); fault != "" {
			wrong = append(wrong, fmt.Sprintf("%s: chart %s %s", e.Place, e.Chart, fault))
		}
	}
	for _, old := range r.lock.Vendored {
		if !needed[old.Path] {
			wrong = append(wrong, lock.Path+": nothing needs "+old.Path+" any more")
		}
	}
	return wrong, len(needed)
}

// lacks says what is wrong with the chart of an entry in a home; empty is nothing.
func (r Repository) lacks(e build.Unit, home chart.Home) string {
	folder := home.Folder(e.Chart)
	old, _ := find(r.lock.Charts, e.Chart)
	have, there := standing(r.tree, folder)
	switch {
	case old.Content == "":
		return "is not in the lock"
	case !there:
		return "is not in " + folder
	case have.Content != old.Content:
		return fmt.Sprintf("in %s: its content is %s, and the lock has %s", folder, have.Content, old.Content)
	case home.Dir != e.Dir:
		return "is in " + folder + ", but the kustomization has no helmGlobals.chartHome that leads there"
	}
	return ""
}
