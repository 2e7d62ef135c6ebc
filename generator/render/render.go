// Package render turns a repository into the objects that Argo CD would apply from it.
//
// It follows Applications to their sources, builds kustomizations and inflates charts, in process. It knows nothing of
// what is right or wrong with an object, and has no opinion on where charts come from.
package render

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Options say what the repository does not say of itself.
type Options struct {
	// Charts are asked for charts that the repository does not hold, in this order. They may be asked for several at
	// the same time.
	Charts []Charts
	// Pins are what the lock says of charts: other bytes are refused, wherever they come from.
	Pins map[chart.Ref]chart.Pin
	// File fetches a file that a kustomization names by its URL. The error is a *chart.Unavailable where it could not be had;
	// nil fetches none.
	File func(ctx context.Context, url string) ([]byte, error)
	// ShowFetched says that what is fetched by URL may be told: then nothing is marked as fetched.
	ShowFetched bool
	// Recorded gives what a chart in the kustomization of a directory is known to render to, where the chart itself is not
	// at hand; nil where that is not known. It may be asked for several at the same time; nil knows nothing.
	Recorded func(dir string, ref chart.Ref) *record.Chart
	// URLs are those under which the repository is served. Where none is known, a source whose path exists here is
	// taken to be of this repository, and a note says so.
	URLs []string
	// Branch is the one that the repository is read from; empty is not known.
	Branch string
	// Clusters are cluster names by the server URL or name in a destination.
	Clusters map[string]string
	// Namespaced says whether objects of a kind stand in a namespace; nil knows no kind.
	Namespaced func(group, kind string) (namespaced, known bool)
	// KubeVersion is what charts are told where their entry names no version of Kubernetes; empty is 1.36.0.
	KubeVersion string
	// Limits bound what one chart or one kustomization may take; zero is half a minute and 2 GiB.
	Limits watchdog.Limits
}

// defaultLimits bound a chart or a kustomization: nothing bounds a template from inside. The slowest charts there are
// take less than a second.
var defaultLimits = watchdog.Limits{Time: 30 * time.Second, Memory: 2 << 30}

// Result is what a repository renders to.
type Result struct {
	// Applications stand in the order in which they were found, Resources in that of their Applications.
	Applications []Application
	Resources    []manifest.Resource
	// Standalone are the manifests and kustomizations that no Application reaches, by path.
	Standalone []string
	Problems   []Problem
	// Notes say what had to be assumed.
	Notes []string

	inflated map[manifest.Place]*inflated
}

// Application is one Argo CD Application, or a kustomization that none reaches, and how far it was rendered.
type Application struct {
	Name, Cluster string
	// Place is where the Application stands.
	Place manifest.Place
	State State
	// RecordedImages are those of recorded charts that their objects do not show.
	RecordedImages []string
	// Objects counts what it rendered to.
	Objects int
}

// Problem is something that Argo CD would report in place of objects.
type Problem struct {
	Kind    ProblemKind
	Place   manifest.Place
	Message string
	// Application is the name of the Application that it keeps from being rendered; may be empty.
	Application string
}

// ProblemKind is the kind of a problem.
type ProblemKind int

// The kinds of problems.
const (
	RenderFailed ProblemKind = iota
	InvalidYAML
	DuplicateKey
	// HelmNotEnabled is that of charts in a kustomization, where Argo CD does not let kustomize inflate any. They are
	// rendered all the same.
	HelmNotEnabled
)

// All renders everything in t: first what Applications reach, then what is left. An error means that ctx has ended, or
// that a chart or kustomization took more memory than it may. What took too long is a problem of its own and goes on
// running, so the process should end soon.
func All(ctx context.Context, t tree.Tree, o Options) (Result, error) {
	repo := newRepository(t)
	result, build, err := renderAll(ctx, repo, o)
	if err == nil && build.unrestricted {
		// Argo CD's options stand in what is rendered: most repositories need no second time.
		repo.unrestricted = true
		result, _, err = renderAll(ctx, repo, o)
	}
	return result, err
}

// One renders a single Application of t. ok is false where only All can tell what it renders to: where the Application is
// itself rendered by another, has problems that Argo CD's options might solve, or has objects of kinds that another brings.
func One(ctx context.Context, t tree.Tree, name string, o Options) (result Result, ok bool, err error) {
	r := newRenderer(newRepository(t), o)
	for _, res := range r.repo.roots().applications {
		if res.ID.Name == name {
			r.enqueue(res)
		}
	}
	if len(r.queue) != 1 {
		return Result{}, false, ctx.Err()
	}
	app := r.queue[0]
	r.queue = nil
	s := r.source(app)
	if s.isHere() {
		if err := r.build(ctx, []target{s.target}); err != nil {
			return Result{}, false, err
		}
	}
	r.application(app, s)
	known := r.fillNamespaces()
	return r.result, known && len(r.result.Problems) == 0, ctx.Err()
}

func newRenderer(repo *repository, o Options) *renderer {
	if o.KubeVersion == "" {
		o.KubeVersion = defaultKubeVersion
	}
	if o.Limits == (watchdog.Limits{}) {
		o.Limits = defaultLimits
	}
	return &renderer{
		repo: repo, options: o, known: map[string]bool{}, told: map[Problem]bool{},
		builds: map[target]build{}, read: map[string]bool{}, result: Result{inflated: map[manifest.Place]*inflated{}},
	}
}

func renderAll(ctx context.Context, repo *repository, o Options) (Result, buildOptions, error) {
	r := newRenderer(repo, o)
	problems, notes := repo.unread()
	for _, p := range problems {
		r.tell(p)
	}
	r.result.Notes = append(r.result.Notes, notes...)
	roots := r.repo.roots()
	for _, res := range roots.applications {
		r.enqueue(res)
	}
	if err := r.applications(ctx); err != nil {
		return Result{}, buildOptions{}, err
	}
	if err := r.kustomizations(ctx, roots.kustomizations); err != nil {
		return Result{}, buildOptions{}, err
	}
	r.standalone(roots.kustomizations)
	r.fillNamespaces()
	options := argoCDOptions(r.result.Resources)
	r.settle(options)
	slices.Sort(r.result.Notes)
	r.result.Notes = slices.Compact(r.result.Notes)
	return r.result, options, ctx.Err()
}

// renderer holds the state of one call of All.
type renderer struct {
	repo    *repository
	options Options
	result  Result
	// namespaces are those that Argo CD puts objects into which name none, one for each of the result's Resources.
	namespaces []string
	// queue are the Applications that wait, known those that were ever found.
	queue []manifest.Resource
	known map[string]bool
	told  map[Problem]bool
	// builds are what was built already, read the files that Applications reach.
	builds map[target]build
	read   map[string]bool
	// charts are the places of charts that Applications reach.
	charts []Problem
	// full says that there are as many objects as there may be.
	full bool
}

// target is something that can be built: the directory of a kustomization, or a plain one.
type target struct {
	dir  string
	kind targetKind
}

type targetKind int

const (
	kustomizationTarget targetKind = iota
	directoryTarget
	recursiveTarget
)

// build is what a target renders to.
type build struct {
	resources      []manifest.Resource
	problems       []Problem
	state          State
	recordedImages []string
	// read are the files it was made of.
	read []string
	// charts are the kustomizations' lists of charts.
	charts []manifest.Place
	// inflated are the entries of these that were rendered.
	inflated map[manifest.Place]*inflated
}

func hasFailed(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool {
		return p.Kind == RenderFailed || p.Kind == InvalidYAML
	})
}

func (r *renderer) tell(p Problem) {
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
	spec, err := json.Marshal(res.Object["spec"])
	key := res.ID.Kind + " " + res.ID.Name + " " + string(spec)
	if err == nil && !r.known[key] {
		r.known[key] = true
		r.queue = append(r.queue, res)
	}
}

// unfollowed names, without telling of them, that there are Applications in what is fetched by URL.
func (r *renderer) unfollowed(at manifest.Place) {
	app := Application{Name: "fetched by URL", Place: at, State: State{
		Kind: NotRendered, Reason: "an Application in what is fetched by URL is followed with --show-fetched alone", Hint: hintFetched,
	}}
	if !slices.ContainsFunc(r.result.Applications, func(a Application) bool { return a.Name == app.Name && a.Place == at }) {
		r.result.Applications = append(r.result.Applications, app)
	}
}

// isApplication reports whether an object is an Application, or makes some.
func isApplication(id manifest.ID) bool {
	return id.Group == "argoproj.io" && (id.Kind == "Application" || id.Kind == "ApplicationSet")
}

// applications renders the Applications that wait, and those that they render to.
func (r *renderer) applications(ctx context.Context) error {
	for len(r.queue) > 0 {
		wave := r.queue
		r.queue = nil
		sources := make([]source, len(wave))
		var targets []target
		for i, res := range wave {
			sources[i] = r.source(res)
			if sources[i].isHere() {
				targets = append(targets, sources[i].target)
			}
		}
		if err := r.build(ctx, targets); err != nil {
			return err
		}
		for i, res := range wave {
			r.application(res, sources[i])
		}
	}
	return nil
}

// build builds what was not built before. Targets do not know of each other, so all processors build at once.
func (r *renderer) build(ctx context.Context, targets []target) error {
	var todo []target
	for _, t := range targets {
		if _, ok := r.builds[t]; !ok && !slices.Contains(todo, t) {
			todo = append(todo, t)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	builds := make([]build, len(todo))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, t := range todo {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var err error
			stopped := watchdog.Safely(func() { builds[i], err = r.repo.build(ctx, t, &r.options) })
			if err = cmp.Or(stopped, err); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	for i, t := range todo {
		r.builds[t] = builds[i]
		maps.Copy(r.result.inflated, builds[i].inflated)
	}
	return context.Cause(ctx)
}

// application adds what one Application renders to.
func (r *renderer) application(res manifest.Resource, s source) {
	app := Application{Name: res.ID.Name, Cluster: s.cluster, Place: res.Place(), State: s.state}
	if s.isHere() {
		built := r.builds[s.target]
		for _, file := range built.read {
			r.read[file] = true
		}
		for _, p := range built.problems {
			p.Application = app.Name
			r.tell(p)
		}
		for _, at := range built.charts {
			r.charts = append(r.charts, Problem{Place: at, Application: app.Name})
		}
		app.State, app.RecordedImages = built.state, built.recordedImages
		wasFull := r.full
		if app.Objects = r.keep(built.resources, res.ID.Name, s); r.full {
			app.State = State{Kind: Failed, Reason: tooMany}
		}
		if r.full && !wasFull {
			r.tell(Problem{Place: app.Place, Application: app.Name, Message: tooMany + ": neither it nor what comes after it is judged"})
		}
	}
	if s.problem.Message != "" {
		r.tell(s.problem)
	}
	r.result.Applications = append(r.result.Applications, app)
}
