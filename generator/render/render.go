// Package render turns a repository into the objects that Argo CD would apply from it.
//
// It follows Applications to their sources, has these built, and looks for Applications in what comes out. It knows nothing of
// what is right or wrong with an object, and not how one is made.
package render

import (
	"context"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Options say what the repository does not say of itself.
type Options struct {
	// Options are those of building.
	build.Options
	// URLs are those under which the repository is served. Where none is known, a source whose path exists here is
	// taken to be of this repository, and a note says so.
	URLs []string
	// Fork says that they are but what Git knows: another one of the same name, whose path exists here, is taken to be that of the
	// repository that this is a fork of, and a note says so.
	Fork bool
	// Branch is the one that the repository is read from; empty is not known.
	Branch string
	// Clusters are cluster names by the server URL or name in a destination.
	Clusters map[string]string
	// Declared are the clusters that Argo CD knows; where there is none, Secrets in the tree tell.
	Declared []appset.Cluster
	// Fixtures are what generators of ApplicationSets are taken to find that ask what no repository says.
	Fixtures []appset.Fixture
	// Namespaced says whether objects of a kind stand in a namespace; nil knows no kind.
	Namespaced func(group, kind string) (namespaced, known bool)
	// Of names the repository, of which earlier runs know what its files are.
	Of string
}

// Result is what a repository renders to.
type Result struct {
	// Applications stand in the order in which they were found, Resources in that of their Applications. Among them are the
	// roots that no Application reaches and that are not rendered.
	Applications []Application
	Resources    []manifest.Resource
	// Alone is what no Application reaches and is judged by itself.
	Alone    []Alone
	Problems []build.Problem
	// Notes say what had to be assumed.
	Notes []string
	// Repository is what was rendered, as it was read.
	Repository *build.Repository

	charts  map[string]build.Inflated
	builder *build.Builder
}

// Chart gives the chart that an object comes from; ok is false where it comes from none, or from a record of one.
func (r Result) Chart(res *manifest.Resource) (chart build.Inflated, ok bool) {
	if res.Origin.Recorded {
		return build.Inflated{}, false
	}
	chart, ok = r.charts[res.Origin.Unit]
	return chart, ok
}

// All renders everything in t: first what Applications reach, then what is left. An error means that ctx has ended, or
// that a chart or kustomization took more memory than it may. What took too long is a problem of its own and goes on
// running, so the process should end soon.
func All(ctx context.Context, t tree.Tree, o Options) (Result, error) {
	o.NoteInputs = o.Kept != nil
	plain := build.NewPlain(o.Kept, o.Of)
	b := build.NewBuilder(build.ReadStates(plain, t)[0], o.Options)
	plain.Keep()
	from := rootsOf(b.Repository)
	r := newRenderer(b, o)
	result, says, err := renderAll(ctx, r, from)
	if err == nil && says.unrestricted {
		// Argo CD's options stand in what is rendered: most repositories need no second time.
		b.Unrestricted = true
		r = newRenderer(b, o)
		result, _, err = renderAll(ctx, r, from)
	}
	b.Forget()
	if err == nil && o.NoteInputs {
		newFollowed(o.Kept).keep(ctx, r)
	}
	return result, err
}

func newRenderer(b *build.Builder, o Options) *renderer {
	return &renderer{
		builder: b, options: o, known: map[string]bool{}, told: map[build.Problem]bool{}, asked: map[[2]string]bool{},
		builds: map[string]build.Built{}, read: map[string]bool{}, reached: map[string]bool{}, used: map[string]bool{}, result: Result{charts: map[string]build.Inflated{}, Repository: b.Repository, builder: b},
	}
}

func (r *renderer) repository() *build.Repository { return r.builder.Repository }

func renderAll(ctx context.Context, r *renderer, from roots) (Result, buildOptions, error) {
	problems, notes := r.repository().Unread()
	for _, p := range problems {
		r.tell(p)
	}
	r.result.Notes = append(r.result.Notes, notes...)
	for _, res := range from.applications {
		r.enqueue(res)
	}
	if err := r.applications(ctx); err != nil {
		return Result{}, buildOptions{}, err
	}
	if err := r.unreached(ctx, from.kustomizations); err != nil {
		return Result{}, buildOptions{}, err
	}
	r.repositories()
	r.standaloneJsonnet()
	r.standalone(from.kustomizations)
	r.left()
	r.unasked()
	r.fillNamespaces()
	r.addMade()
	r.loops()
	options := argoCDOptions(append(r.seen, r.result.Resources...))
	r.settle(options)
	r.deprecated()
	slices.Sort(r.result.Notes)
	r.result.Notes = slices.Compact(r.result.Notes)
	return r.result, options, ctx.Err()
}

// renderer holds the state of one call of All.
type renderer struct {
	builder *build.Builder
	options Options
	result  Result
	// namespaces are those that Argo CD puts objects into which name none, one for each of the result's Resources.
	namespaces []string
	// queue are the Applications that wait, known those that were ever found.
	queue []manifest.Resource
	known map[string]bool
	// made are the Applications that sets made.
	made []made
	// asked are the names of sets with the kinds of generators that fixtures were looked for.
	asked map[[2]string]bool
	told  map[build.Problem]bool
	// units were built already, and builds are what came of them, by their keys. read are the files that Applications reach.
	units  []build.Unit
	builds map[string]build.Built
	read   map[string]bool
	// charts are the places of charts that Applications reach, reached the directories that these name.
	charts  []build.Problem
	reached map[string]bool
	// used are the roots of repositories that something is rendered of.
	used map[string]bool
	// full says that there are as many objects as there may be.
	full bool
	// compare knows another state of the repository; nil renders all. Of what is unchanged, seen are the objects that others
	// depend on.
	compare *comparison
	seen    []manifest.Resource
}

func (r *renderer) tell(p build.Problem) {
	key := p
	key.Application = ""
	if !r.told[key] {
		r.told[key] = true
		r.result.Problems = append(r.result.Problems, p)
	}
}

// enqueue queues an Application, unless it was queued before. The same one is found in its file and again in what its
// parent renders; another cluster's may bear the same name, but differs in its spec.
func (r *renderer) enqueue(res manifest.Resource) {
	if !isApplication(res.ID) {
		return
	}
	if res.Origin.Fetched { // its name and its path may be what stands at the URL
		r.unfollowed(res.Origin.Place)
		return
	}
	if key := keyOf(res); !r.known[key] {
		r.known[key] = true
		r.queue = append(r.queue, res)
	}
}

// unfollowed names, without telling of them, that there are Applications in what is fetched by URL.
func (r *renderer) unfollowed(at manifest.Place) {
	app := Application{Name: "fetched by URL", Place: at, State: build.State{
		Kind: build.NotRendered, Reason: "an Application in what is fetched by URL is followed with --show-fetched alone", Hint: hintFetched,
	}}
	if !slices.ContainsFunc(r.result.Applications, func(a Application) bool { return a.Name == app.Name && a.Place == at }) {
		r.result.Applications = append(r.result.Applications, app)
	}
}

// isApplication reports whether an object is an Application, or makes some.
func isApplication(id manifest.ID) bool {
	return argocd.IsApplication(id) || argocd.IsApplicationSet(id)
}

// applications renders the Applications that wait, and those that they render to.
func (r *renderer) applications(ctx context.Context) error {
	for len(r.queue) > 0 {
		wave, err := r.expand(ctx)
		if err != nil {
			return err
		}
		sources := make([]source, len(wave))
		for i, res := range wave {
			sources[i] = r.source(res)
		}
		if err := r.compareSources(ctx, wave, sources); err != nil {
			return err
		}
		var units []build.Unit
		for _, s := range sources {
			units = append(units, s.units...)
		}
		if err := r.build(ctx, units); err != nil {
			return err
		}
		for i, res := range wave {
			r.application(res, sources[i])
		}
	}
	return nil
}

// build builds what was not built before.
func (r *renderer) build(ctx context.Context, units []build.Unit) error {
	var todo []build.Unit
	for _, u := range units {
		if _, ok := r.builds[u.Key()]; !ok {
			r.builds[u.Key()] = build.Built{}
			todo = append(todo, u)
		}
	}
	r.units = append(r.units, todo...)
	all, err := r.builder.Build(ctx, todo)
	for i, u := range todo {
		r.builds[u.Key()] = all[i]
		maps.Copy(r.result.charts, all[i].Charts)
	}
	return err
}

// application adds what one Application renders to.
func (r *renderer) application(res manifest.Resource, s source) {
	app := Application{Name: res.ID.Name, Cluster: s.cluster, Place: res.Place(), Object: res, State: s.state, Made: r.madeOf(res, s)}
	var resources []manifest.Resource
	for _, u := range s.units {
		built := r.builds[u.Key()]
		r.result.Notes = append(r.result.Notes, built.Notes...)
		for _, file := range built.Read {
			r.read[file] = true
		}
		for _, p := range built.Problems {
			p.Application = app.Name
			r.tell(p)
		}
		for _, at := range built.Lists {
			r.charts = append(r.charts, build.Problem{Place: at, Application: app.Name})
		}
		if built.State.Kind > app.State.Kind {
			app.State = built.State
		}
		app.RecordedImages = append(app.RecordedImages, built.RecordedImages...)
		resources = append(resources, built.Resources...)
	}
	if len(s.units) > 0 {
		r.add(&app, resources, s)
	}
	for _, p := range s.problems {
		r.tell(p)
	}
	r.result.Applications = append(r.result.Applications, app)
}

// add adds the objects of an Application, of which there may be too many.
func (r *renderer) add(app *Application, resources []manifest.Resource, s source) {
	wasFull := r.full
	if len(s.units) > 1 {
		resources = r.lastOfEach(app.Name, flatten(resources), s.namespace)
	}
	app.Objects = r.keep(resources, app.Name, s)
	if app.To = len(r.result.Resources); r.full {
		app.State = build.State{Kind: build.Failed, Reason: tooMany}
	}
	if r.full && !wasFull {
		r.tell(build.Problem{Place: app.Place, Application: app.Name, Message: tooMany + ": neither it nor what comes after it is judged"})
	}
}
