package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// release is the chart of an Application while it is rendered.
type release struct {
	*Builder
	unit  Unit
	built Built
	read  map[string]bool
	// fetched says that something was fetched by URL that nobody is to learn of.
	fetched bool
}

// helm renders the chart of an Application. An error means that ctx has ended or a limit was passed.
func (b *Builder) helm(ctx context.Context, u Unit) (Built, error) {
	r := &release{Builder: b, unit: u, read: map[string]bool{}}
	r.unit.Release.KubeVersion = b.options.kubeVersion(u.Release.KubeVersion)
	r.unit.Release.Fetch = b.options.File
	err := r.render(ctx)
	if hasFailed(r.built.Problems) && r.built.State.Kind < Refused {
		r.built.State = failed
	}
	r.built.Read = slices.Sorted(maps.Keys(r.read))
	return r.built, cmp.Or(err, ctx.Err())
}

func (r *release) render(ctx context.Context) error {
	found, ok, err := r.find(ctx)
	if err != nil || !ok || !r.readLayers(ctx, found.Files) {
		return err
	}
	if r.options.FollowOnly && !namesArgoCD(found.Files) && !slices.ContainsFunc(r.unit.Layers, layerNamesArgoCD) {
		return nil
	}
	made, err := r.inflate(ctx, r.unit, found)
	if err != nil {
		return err
	}
	if made.err != nil {
		return r.blame(made.err)
	}
	unit, name := r.unit.Place.String()+" "+made.digest, r.name(found.Files)
	var wrong []Problem
	for _, d := range made.output.Documents {
		resources, problems := r.objects(d.Source, d.Text)
		wrong = append(wrong, problems...)
		for _, res := range resources {
			res.Origin.Chart, res.Origin.Unit = name, unit
			r.built.Resources = append(r.built.Resources, res)
		}
	}
	if len(wrong) > 0 {
		if err := refused(ctx, made.output, r.options.Limits); err != nil {
			r.built.Resources = nil
			return cmp.Or(ctx.Err(), r.blame(err))
		}
	}
	r.built.Charts = map[string]Inflated{unit: {r.unit, made.inflation}}
	r.built.Problems = append(r.built.Problems, wrong...)
	if hasFailed(r.built.Problems) {
		r.built.Resources = nil
	}
	return nil
}

// name is name and version of the chart.
func (r *release) name(files []tree.File) string {
	if r.unit.Chart.Name != "" {
		return r.unit.Chart.String()
	}
	m := chart.MetadataIn(files)
	return strings.TrimSpace(m.Name + " " + m.Version)
}

func (r *release) fail(at manifest.Place, format string, args ...any) {
	r.built.Problems = append(r.built.Problems, Problem{Place: at, Message: r.unit.Label() + ": " + fmt.Sprintf(format, args...)})
}

func (r *release) lack(s State) {
	if s.Kind > r.built.State.Kind {
		r.built.State = s
	}
}

// find gets the chart. ok is false where that did not work, which is told. An error means that ctx has ended.
func (r *release) find(ctx context.Context) (found chart.Chart, ok bool, err error) {
	if r.unit.Chart.Repo != "" {
		found, r.unit.Chart.Version, err = r.fetch(ctx, r.unit.Chart)
		return found, err == nil && len(found.Files) > 0, ctx.Err()
	}
	files := chart.In(r.Repository.Tree, r.unit.Dir)
	if !slices.ContainsFunc(files, func(f tree.File) bool { return f.Path == chart.File }) {
		r.fail(r.unit.Place, "there is no Chart.yaml")
		return found, false, nil
	}
	for _, f := range files {
		if isChartFile(f.Path) { // what stands beside is in the chart, too, and may be manifests
			r.read[r.Repository.Tree.Real(path.Join(r.unit.Dir, f.Path))] = true
		}
	}
	files, ok, err = r.complete(ctx, files)
	return chart.New(files), ok, err
}

// fetch gets a chart of a repository of charts, and says in which version; it has no files where that did not work, which is told.
func (r *release) fetch(ctx context.Context, ref chart.Ref) (found chart.Chart, version string, err error) {
	of := fmt.Sprintf("chart %s of %s", ref, chart.Location(ref.Repo))
	if ref.Version == "" {
		r.lack(State{Kind: NotRendered, Reason: of + " has no version, so it is another one every day: pin one", Hint: hintVersion})
		return chart.Chart{}, "", nil
	}
	pin := r.options.Pins[ref.Public()]
	exact, err := r.options.Newest.Exact(ctx, ref, pin)
	if err == nil {
		found, err = Fetch(ctx, r.options.Charts, exact, pin)
	}
	hint := hintAtHand
	if ref.IsRange() {
		hint = hintRange
	}
	var unavailable *chart.Unavailable
	switch {
	case ctx.Err() != nil:
		return found, "", ctx.Err()
	case err == nil && ref.IsRange():
		r.built.Notes = append(r.built.Notes, chosen(of, exact.Version, pin))
	case err == nil:
	case errors.As(err, &unavailable):
		r.lack(State{Kind: NotRendered, Reason: of + ": " + unavailable.Reason, Hint: hint})
	case errors.Is(err, chart.ErrNone):
		r.lack(State{Kind: NotRendered, Reason: of + " is not at hand", Hint: hint})
	default:
		r.lack(State{Kind: Refused, Place: r.unit.Place, Reason: of + ": " + oneLine(err.Error()), Hint: hintRefused})
	}
	return found, exact.Version, nil
}

// chosen notes which version of a chart was rendered that is named by a range.
func chosen(of, version string, pin chart.Pin) string {
	if pin.Version != "" {
		return fmt.Sprintf("%s is rendered in the version that the lock has, %s: Argo CD takes the newest", of, version)
	}
	return fmt.Sprintf("%s is rendered in the newest version, %s: it is another one from time to time", of, version)
}

// blame tells why the chart was not rendered. An error means that a limit was passed.
func (r *release) blame(err error) error {
	v := r.unit.verdict(err)
	if r.fetched {
		v.message = kustomize.Untold
	}
	switch {
	case v.exceeded != nil && v.exceeded.Memory:
		return fmt.Errorf("%s: %s %w", r.unit.Place, r.unit.Label(), v.exceeded)
	case v.exceeded != nil:
		r.fail(r.unit.Place, "it was %s", v.exceeded)
	case v.lacking != "":
		r.lack(State{Kind: NotRendered, Reason: v.lacking, Hint: hintFiles})
	default:
		r.fail(v.at, "%s", v.message)
	}
	return nil
}

// readLayers finds and reads the files among the values. ok is false where that did not work, which is told.
func (r *release) readLayers(ctx context.Context, files []tree.File) (ok bool) {
	in := source.Root{Tree: r.Repository.Tree, Dir: r.unit.Dir}
	if r.unit.Chart.Repo != "" {
		own, err := tree.New(files...)
		if err != nil {
			r.fail(r.unit.Place, "%s", err)
			return false
		}
		in = source.Root{Tree: own, Dir: ".", Foreign: true}
	} else if f, here := r.Repository.Tree.File(path.Join(r.unit.Dir, "values.yaml")); here {
		own := values.Layer{Rule: values.OverAsHelm}
		own.Read(f.Path, f.Data)
		r.unit.defaults = []values.Layer{own}
	}
	named := r.unit.Layers
	r.unit.Layers = nil
	first := slices.IndexFunc(named, func(l values.Layer) bool { return l.Name == "" || l.Rule == values.SetFile })
	if first < 0 {
		first = len(named)
	}
	if !r.readFiles(ctx, in, named[:first], r.unit.Missing) {
		return false
	}
	for _, l := range named[first:] {
		if l.Name == "" {
			r.unit.Layers = append(r.unit.Layers, l)
		} else if !r.readFiles(ctx, in, []values.Layer{l}, source.Refused) {
			return false
		}
	}
	return true
}

// readFiles reads what layers of one kind name, in the order in which Helm is given it.
func (r *release) readFiles(ctx context.Context, in source.Root, named []values.Layer, missing source.Missing) (ok bool) {
	names := make([]string, len(named))
	for i, l := range named {
		names[i] = l.Name
	}
	found, err := in.Files(names, r.Repository.Tree, missing)
	var wrong *source.FileError
	if errors.As(err, &wrong) {
		r.fail(named[wrong.Named].At, "values file %s", wrong)
		return false
	}
	for _, f := range found {
		l := named[f.Named]
		if f.URL != "" {
			ok = r.download(ctx, &l, f.URL)
		} else {
			ok = r.readFile(&l, in, f)
		}
		if !ok {
			return false
		}
		r.unit.Layers = append(r.unit.Layers, l)
	}
	return true
}

// readFile reads a file of the chart's own, or of the repository.
func (r *release) readFile(l *values.Layer, in source.Root, f source.File) (ok bool) {
	from := r.Repository.Tree
	if !f.Ref {
		from = in.Tree
	}
	file, _ := from.File(f.Path)
	isOurs := f.Ref || r.unit.Chart.Repo == ""
	if isOurs {
		r.read[f.Path] = true
	}
	if l.Rule == values.SetFile {
		l.Text = file.Data
		return true
	}
	problems := l.Read(f.Path, file.Data)
	if !isOurs {
		l.File, l.Docs = "", nil
	}
	r.built.Problems = append(r.built.Problems, convert(problems)...)
	if hasFailed(convert(problems)) {
		return false
	}
	if at, odd := l.Odd(); odd {
		r.fail(at, "want values, which are one mapping")
		return false
	}
	return true
}

// download reads a values file by its URL.
func (r *release) download(ctx context.Context, l *values.Layer, url string) (ok bool) {
	lacking := func(reason string) {
		r.lack(State{Kind: NotRendered, Reason: "values file " + chart.Location(url) + reason, Hint: hintFiles})
	}
	if r.options.File == nil {
		lacking(" is remote, and the network may not be used")
		return false
	}
	data, err := r.options.File(ctx, url)
	var unavailable *chart.Unavailable
	switch {
	case err == nil:
		l.Text = data
		r.fetched = r.fetched || !r.options.ShowFetched
		return true
	case errors.As(err, &unavailable):
		lacking(": " + unavailable.Reason)
	case ctx.Err() == nil:
		r.fail(l.At, "%s: %s", chart.Location(url), oneLine(err.Error()))
	}
	return false
}
