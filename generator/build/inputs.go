package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Inputs are what a unit is made of.
type Inputs struct {
	// Key names all of it: units of equal keys render to the same, in whichever tree they stand. What stands at a URL counts by
	// the URL.
	Key string
	// Read are the files that are named, those of charts left out.
	Read []string
}

// madeOf is what a unit is made of by the repository, where it is a directory or a kustomization.
type madeOf struct {
	kind         UnitKind
	dir          string
	unrestricted bool
	// rest is all else that decides it.
	rest string
}

// Inputs finds out what units are made of without building them. Errors are those of Build.
func (b *Builder) Inputs(ctx context.Context, units []Unit) ([]Inputs, error) {
	all := make([]Inputs, len(units))
	err := b.forEach(ctx, units, func(ctx context.Context, i int) (err error) {
		u := units[i]
		all[i], err = b.inputs.Do(ctx, b.madeOf(u), func() (Inputs, error) { return b.inputsOf(ctx, u, b.inputsHash(u)) })
		return err
	})
	return all, err
}

func (b *Builder) madeOf(u Unit) madeOf { return madeOf{u.Kind, u.Dir, b.Unrestricted, u.rest()} }

// inputsHash has what decides the output of a unit besides what it is made of.
func (b *Builder) inputsHash(u Unit) hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %s %q\n", u.Kind, u.Dir, b.options.KubeVersion, b.options.KubeInstead)
	return h
}

func (b *Builder) inputsOf(ctx context.Context, u Unit, h hash.Hash) (in Inputs, err error) {
	if u.Kind == Helm {
		in.Read = b.helmInputs(u, h)
		in.Key = fmt.Sprintf("%x", h.Sum(nil))
		return in, ctx.Err()
	}
	if u.Kind != Kustomization {
		read, err := b.directoryInputs(ctx, u, h)
		in.Read, in.Key = read, fmt.Sprintf("%x", h.Sum(nil))
		return in, err
	}
	w, err := kustomize.Walk(ctx, b.source(u), u.Dir)
	if err != nil {
		return in, err
	}
	return b.kustomizationInputs(ctx, w, h)
}

// kustomizationInputs writes what decides the output of a kustomization that is not built yet.
func (b *Builder) kustomizationInputs(ctx context.Context, w *kustomize.Whole, h hash.Hash) (in Inputs, err error) {
	read := maps.Clone(w.Read)
	fmt.Fprintf(h, "%x %v\n", w.Key(), problemsOf(w.Faults))
	for _, c := range w.Charts {
		if err := b.chartInputs(ctx, c, h, read); err != nil {
			return in, err
		}
	}
	in.Key, in.Read = fmt.Sprintf("%x", h.Sum(nil)), slices.Sorted(maps.Keys(read))
	return in, ctx.Err()
}

// directoryInputs writes what decides the output of a directory, or of one Jsonnet file, and gives the files that are read for it.
func (b *Builder) directoryInputs(ctx context.Context, u Unit, h hash.Hash) ([]string, error) {
	fmt.Fprintln(h, u.rest())
	read := map[string]bool{}
	for _, f := range b.Repository.filesOf(u) {
		read[f.Path] = isManifest(f.Path)
		if !isJsonnet(f.Path) {
			continue
		}
		files, err := b.program(u, f.Path).Files(ctx)
		var exceeded *watchdog.Exceeded
		if err != nil && (!errors.As(err, &exceeded) || exceeded.Memory) {
			return nil, fmt.Errorf("jsonnet %s: %w", f.Path, err)
		}
		for _, p := range files {
			read[p] = true
		}
	}
	var named []string
	for _, p := range slices.Sorted(maps.Keys(read)) {
		f, _ := b.Repository.Tree.File(p)
		if fmt.Fprintf(h, "%q %x\n", p, sha256.Sum256(f.Data)); read[p] {
			named = append(named, p)
		}
	}
	return named, ctx.Err()
}

// chartInputs writes what decides the output of a chart besides the kustomization that names it, and notes the files that are
// read for it.
func (b *Builder) chartInputs(ctx context.Context, c kustomize.Chart, h hash.Hash, read map[string]bool) error {
	u := newUnit(c)
	for _, l := range u.Layers {
		b.note(path.Join(c.Dir, l.Name), h, read)
	}
	for _, dir := range []string{c.Home, b.defaultHome(c.Dir)} {
		at := home{chart.Home{Tree: b.Repository.Tree, Dir: dir}, &b.homes}
		found, err := at.Chart(ctx, u.Chart)
		if fmt.Fprintf(h, "%q %q %v\n", at.Folder(u.Chart), found.Content, err); err == nil {
			return ctx.Err()
		}
	}
	fmt.Fprintf(h, "%v\n", b.options.Pins[u.Chart.Public()])
	if b.options.Recorded != nil {
		known, err := json.Marshal(b.options.Recorded(c.Dir, u.Chart))
		if err != nil {
			return err
		}
		h.Write(known)
	}
	return ctx.Err()
}

// note writes what a file holds, or why it is not there, and notes that it is read.
func (b *Builder) note(p string, h hash.Hash, read map[string]bool) {
	f, here := b.Repository.Tree.File(p)
	fmt.Fprintf(h, "%q %t %x %q\n", p, here, sha256.Sum256(f.Data), b.Repository.Tree.WhyUnread(p))
	read[p] = read[p] || here
}

// helmInputs writes what decides the output of the chart of an Application, and gives the files that are read for it. What stands
// in no repository of ours counts by its pin.
func (b *Builder) helmInputs(u Unit, h hash.Hash) []string {
	read := map[string]bool{}
	note := func(p string) { b.note(p, h, read) }
	noteChart := func(dir string) []tree.File {
		files := chart.In(b.Repository.Tree, dir)
		for _, f := range files {
			p := b.Repository.Tree.Real(path.Join(dir, f.Path))
			note(p)
			read[p] = read[p] && isChartFile(f.Path)
		}
		return files
	}
	if fmt.Fprintf(h, "%s %v\n", u.rest(), b.options.Pins[u.Chart.Public()]); u.Chart.Repo == "" {
		files, _ := chart.Whole(noteChart(u.Dir)) // what does not unpack does not render either
		needs, _ := chart.Needs(files)
		for _, d := range needs {
			if at, isLocal := strings.CutPrefix(d.Repository, "file://"); isLocal {
				dir := b.Repository.Tree.Real(path.Join(u.Dir, at))
				noteChart(dir)
				fmt.Fprintln(h, b.Repository.round(dir, []string{u.Dir}))
			} else {
				fmt.Fprintf(h, "%v\n", b.options.Pins[chart.Ref{Repo: d.Repository, Name: d.Name, Version: d.Version}.Public()])
			}
		}
	}
	b.valuesInputs(u, h, note)
	maps.DeleteFunc(read, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(read))
}

// valuesInputs writes what decides the values of the chart of an Application besides what stands in it, and notes the files.
func (b *Builder) valuesInputs(u Unit, h hash.Hash, note func(file string)) {
	for _, l := range u.Layers {
		root := source.Root{Tree: b.Repository.Tree, Dir: u.Dir, Foreign: u.Chart.Repo != ""}
		if l.Name == "" || root.Foreign && !source.IsRef(l.Name, root.Tree) {
			continue // it stands in the layer, or is the chart's own
		}
		found, err := root.Files([]string{l.Name}, root.Tree, source.LeftOut)
		fmt.Fprintln(h, err)
		for _, f := range found {
			if note(f.Path); f.URL != "" {
				fmt.Fprintf(h, "%q\n", f.URL)
			}
		}
	}
}
