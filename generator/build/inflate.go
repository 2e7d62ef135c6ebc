package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// entry is one entry of helmCharts while it is inflated.
type entry struct {
	kustomize.Chart
	*assembly
	unit Unit
}

// inflation is a chart's unit that was rendered, or why it was not. It is shared by all units that are equal.
type inflation struct {
	files   []tree.File
	release helm.Release
	err     error
	// digest names what decided it.
	digest string
	// content is the digest of the files.
	content string
}

// rendering is an inflation with what came of it, which is needed to build with it, and no more when all is built.
type rendering struct {
	*inflation
	// objects are for kustomizations, output for Applications, which read it for themselves.
	objects []kustomize.Object
	output  helm.Output
}

// Inflated is a chart's unit that was rendered.
type Inflated struct {
	unit Unit
	*inflation
}

// Digest names all that decides what the chart renders to; empty is none.
func (i Inflated) Digest() string { return i.digest }

// Investigate renders the chart again, to find out which values set what.
func (i Inflated) Investigate(ctx context.Context) (*helm.Evidence, error) {
	return helm.Investigate(ctx, i.files, i.release)
}

// Nearest finds a value where the unit's values stand: the value itself, else the innermost mapping around it. Where there is
// neither it is the unit's own place.
func (i Inflated) Nearest(value manifest.Path) manifest.Place {
	if at, ok := values.Nearest(append(slices.Clone(i.unit.defaults), i.unit.Layers...), value...); ok {
		return at
	}
	return i.unit.Place
}

// inflate renders the chart at an index of the kustomization's. An error means that ctx has ended or a limit was passed.
func (a *assembly) inflate(ctx context.Context, i int) error {
	e := entry{Chart: a.Charts[i], assembly: a}
	if e.Name == "" {
		a.Fail(e.Place(), "an entry of helmCharts needs a name")
		return nil
	}
	if field, wrong := e.Wrong(); wrong != "" {
		e.fail(wrong, field)
		return nil
	}
	if e.NameTemplate != "" {
		if err := e.nameRelease(ctx); err != nil || e.ReleaseName == "" {
			return err
		}
	}
	e.unit = newUnit(e.Chart)
	e.unit.Release.KubeVersion = a.options.kubeVersion(cmp.Or(e.unit.Release.KubeVersion, a.edits.KubeVersion))
	if len(e.unit.Release.APIVersions) == 0 {
		e.unit.Release.APIVersions = a.edits.APIVersions
	}
	e.unit.Release.Fetch = a.options.File
	found, err := e.find(ctx)
	if err != nil || len(found.Files) == 0 || !e.readLayers(ctx, found.Files) {
		return err
	}
	made, err := a.Builder.inflate(ctx, e.unit, found)
	if err != nil {
		return err
	}
	a.inflated[e.Unit(made.digest)] = Inflated{e.unit, made.inflation}
	if made.err != nil {
		return e.blame(made.err)
	}
	a.Render(i, e.unit.Chart.String(), made.digest, made.objects)
	return nil
}

// inflate renders the chart of a unit, unless an equal one was rendered already. The error is that of ctx.
func (b *Builder) inflate(ctx context.Context, u Unit, c chart.Chart) (*rendering, error) {
	digest, err := u.digest(c.Content)
	if err != nil {
		return &rendering{inflation: &inflation{err: err}}, nil
	}
	return b.charts.Do(ctx, digest, func() (*rendering, error) {
		made := &rendering{inflation: &inflation{files: c.Files, release: u.Release, digest: digest, content: c.Content}}
		made.release.Charts, made.release.Content = &b.loaded, c.Content
		made.release.Values, made.err = values.Merge(u.Layers)
		if made.err == nil {
			made.err = b.renderKept(ctx, made, u.Kind)
		}
		return made, ctx.Err()
	})
}

// render renders a chart. Where another time something else may come of it, that is noted.
func (i *rendering) render(ctx context.Context, of UnitKind, b *Builder) error {
	var out helm.Output
	var err error
	if stopped := watchdog.Run(ctx, b.options.Limits, func() { out, err = i.template(ctx, b.options.Kept != nil) }); stopped != nil {
		return stopped
	}
	if err != nil {
		return err
	}
	parts := make([]string, len(out.Documents))
	for n, d := range out.Documents {
		parts[n] = d.String()
	}
	if of == Helm {
		i.output = out
		err = manifest.Bounded([]byte(strings.Join(parts, "")))
	} else {
		i.objects, err = b.reader.Objects(ctx, parts)
	}
	if err != nil {
		return cmp.Or(refused(ctx, out, b.options.Limits), err)
	}
	return nil
}

// refused is why Helm refuses what a chart renders to; nil where it does not.
func refused(ctx context.Context, out helm.Output, limits watchdog.Limits) error {
	var err error
	stopped := watchdog.Run(ctx, limits, func() { err = out.Refused() })
	if stopped != nil {
		return stopped
	}
	return err
}

func (e *entry) failAt(at manifest.Place, message string) {
	if e.Secret {
		message = kustomize.Untold
	}
	e.Fail(at, "chart %s: %s", chart.Ref{Name: e.Name, Version: e.Version}, message)
}

func (e *entry) fail(message string, at ...any) { e.failAt(e.Place(at...), message) }

// nameRelease gives the release the name that the entry's template evaluates to. It has none afterwards where that did not
// work, which is told. An error means that ctx has ended or a limit was passed.
func (e *entry) nameRelease(ctx context.Context) error {
	var name string
	var err error
	at := e.Place("nameTemplate")
	stopped := watchdog.Run(ctx, e.options.Limits, func() { name, err = helm.ReleaseName(e.NameTemplate) })
	var exceeded *watchdog.Exceeded
	switch {
	case errors.As(stopped, &exceeded):
		return e.stopped(at, "nameTemplate", exceeded)
	case stopped != nil:
		return stopped
	case err != nil:
		e.fail("nameTemplate: "+helmMessage(err), "nameTemplate")
	case name == "":
		e.fail("nameTemplate: it gives no name", "nameTemplate")
	}
	e.ReleaseName = name
	return nil
}

// find asks the repository and then everything else that has charts. The chart has no files where that did not work, which
// is told. An error means that ctx has ended.
func (e *entry) find(ctx context.Context) (chart.Chart, error) {
	t, ref := e.Repository.Tree, e.unit.Chart
	pin := e.options.Pins[ref.Public()]
	at := home{chart.Home{Tree: t, Dir: e.Home}, &e.homes}
	if t.LeadsOut(e.Chart.Dir, at.Folder(ref)) && t.Root(e.Chart.Dir) != "." {
		e.fail("its chartHome leads out of the repository")
		return chart.Chart{}, nil
	}
	if why := t.WhyUnread(at.Folder(ref)); why != "" {
		e.fail(fmt.Sprintf("%s was not read: %s", at.Folder(ref), why))
		return chart.Chart{}, nil
	}
	// What stands there is what Argo CD renders: it is right or wrong, and nothing takes its place.
	found, err := Fetch(ctx, []Charts{at}, ref, pin)
	if errors.Is(err, chart.ErrNone) && ref.Repo != "" && ref.Version != "" {
		at.Dir = e.defaultHome(e.Chart.Dir)
		found, err = Fetch(ctx, append([]Charts{at}, e.options.Charts...), ref, pin)
	}
	if ctx.Err() != nil {
		return chart.Chart{}, ctx.Err()
	}
	e.missing(err)
	return found, nil
}

// missing tells of a chart that could not be had.
func (e *entry) missing(err error) {
	ref := e.unit.Chart
	var unavailable *chart.Unavailable
	errors.As(err, &unavailable)
	of := fmt.Sprintf("chart %s of %s", ref, chart.Location(ref.Repo))
	none := errors.Is(err, chart.ErrNone)
	switch {
	case err == nil:
	case (unavailable != nil || none) && e.recorded(unavailable):
	case unavailable != nil:
		e.lack(State{Kind: NotRendered, Reason: of + ": " + unavailable.Reason, Hint: hintCharts})
	case none && ref.Repo == "":
		e.fail(fmt.Sprintf("it has no repo, and does not stand in %s", e.Home))
	case none && ref.Version == "":
		e.lack(State{Kind: NotRendered, Reason: of + " has no version, so it is another one every day: pin one", Hint: hintVersion})
	case none:
		e.lack(State{Kind: NotRendered, Reason: of + " is not at hand", Hint: hintCharts})
	default:
		e.lack(State{Kind: Refused, Place: e.Place(), Reason: of + ": " + oneLine(err.Error()), Hint: hintRefused})
	}
}

// recorded takes what is known of a chart in place of what it renders to, and reports whether there is any.
func (e *entry) recorded(why *chart.Unavailable) bool {
	if e.options.Recorded == nil {
		return false
	}
	known := e.options.Recorded(e.Chart.Dir, e.unit.Chart)
	if known == nil {
		return false
	}
	e.recordedImages = append(e.recordedImages, known.Images...)
	for _, object := range known.Objects {
		e.records = append(e.records, manifest.Resource{
			ID: manifest.NewID(object), Object: object, Origin: manifest.Origin{Chart: e.unit.Chart.String(), Place: e.unit.Place, Recorded: true},
		})
	}
	reason := "its charts are not at hand"
	switch {
	case why != nil && why.Silent:
		reason = "the host of its charts does not answer"
	case why != nil:
		reason = why.Reason
	}
	e.lack(State{Kind: Recorded, Reason: reason, Hint: hintCharts})
	return true
}

// readLayers reads the values of the entry. ok is false where that did not work, which is told.
func (e *entry) readLayers(ctx context.Context, files []tree.File) (ok bool) {
	ok = true
	for i := range e.unit.Layers {
		l := &e.unit.Layers[i]
		switch {
		case l.Own:
			ok = e.readOwn(l, files) && ok
		case l.Inline == nil:
			ok = e.readFile(ctx, l) && ok
		}
	}
	return ok
}

// readOwn reads the chart's own values.
func (e *entry) readOwn(l *values.Layer, files []tree.File) (ok bool) {
	if !e.mayRead(e.Home) {
		e.fail("it names no valuesFile, and kustomize does not read the chart's outside of the kustomization's directory")
		return false
	}
	for _, f := range files {
		if f.Path == "values.yaml" {
			l.Text = f.Data
			return true
		}
	}
	e.fail("it names no valuesFile, and the chart has no values.yaml")
	return false
}

// readFile reads a values file that the entry names.
func (e *entry) readFile(ctx context.Context, l *values.Layer) (ok bool) {
	p := path.Join(e.Chart.Dir, l.Name)
	f, here := e.Repository.Tree.File(p)
	unread := e.Repository.Tree.WhyUnread(p)
	switch {
	case kustomize.IsRemote(l.Name) && !here:
		l.Text, ok = e.fetch(ctx, l.At, l.Name)
		return ok
	case !e.mayRead(p):
		e.failAt(l.At, fmt.Sprintf("values file %q: kustomize reads no file outside of the kustomization's directory", l.Name))
		return false
	case unread != "":
		e.failAt(l.At, fmt.Sprintf("values file %q was not read: %s", l.Name, unread))
		return false
	case !here:
		e.failAt(l.At, fmt.Sprintf("values file %q: there is no such file", l.Name))
		return false
	}
	e.Read[p] = true
	problems := l.Read(p, f.Data)
	e.Unread = append(e.Unread, problems...)
	if hasFailed(convert(problems)) {
		return false
	}
	if at, odd := l.Odd(); odd {
		e.failAt(at, "want values, which are one mapping")
		return false
	}
	return true
}

// mayRead reports whether kustomize reads a file for the entry.
func (e *entry) mayRead(p string) bool {
	return e.Builder.source(Unit{}).MayRead(e.Chart.Dir, p)
}
