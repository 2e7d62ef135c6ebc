// Package build makes the objects of units: of directories, of kustomizations and of the charts in them, each equal unit once.
//
// It knows what stands in a repository and where its charts come from, and nothing of Applications, which name the units.
package build

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/knowledge"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Options say what the repository does not say of itself.
type Options struct {
	// Charts are asked for charts that the repository does not hold, in this order. They may be asked for several at
	// the same time.
	Charts []Charts
	// Pins are what the lock says of charts: other bytes are refused, wherever they come from.
	Pins map[chart.Ref]chart.Pin
	// Newest chooses among the versions of charts that Applications name by a range, where Pins do not; nil chooses none.
	Newest Newest
	// Ahead is told of the charts that units will ask for, before these are built; nil is told of none.
	Ahead func(ctx context.Context, named []Unit)
	// FollowOnly leaves out what can hold no object of Argo CD's: charts and kustomizations in whose files its group is not named.
	FollowOnly bool
	// File fetches a file that a kustomization names by its URL. The error is a *chart.Unavailable where it could not be had;
	// nil fetches none.
	File func(ctx context.Context, url string) ([]byte, error)
	// ShowFetched says that what is fetched by URL may be told: then nothing is marked as fetched.
	ShowFetched bool
	// Checkouts are other repositories whose files are in the tree.
	Checkouts checkout.List
	// Recorded gives what a chart in the kustomization of a directory is known to render to, where the chart itself is not
	// at hand; nil where that is not known. It may be asked for several at the same time; nil knows nothing.
	Recorded func(dir string, ref chart.Ref) *record.Chart
	// KubeVersion is what charts are told where their entry names no version of Kubernetes; empty is 1.36.0.
	KubeVersion string
	// KubeInstead has the versions that charts are told in place of those that their entries name, where it has these.
	KubeInstead map[string]string
	// Limits bound what one chart or one kustomization may take; zero is half a minute and 2 GiB.
	Limits watchdog.Limits
	// Kept is what earlier runs rendered; nil keeps nothing.
	Kept *cache.Store
	// NoteInputs says that Inputs of what is built will be asked for.
	NoteInputs bool
	// Made keeps what is built for builders of other trees, which may have much in common; nil keeps nothing.
	Made *Made
}

// kubeVersion is the version of Kubernetes that a chart is told whose entry names one; empty names none.
func (o Options) kubeVersion(named string) string {
	return cmp.Or(o.KubeInstead[named], named, o.KubeVersion)
}

// Made is what charts and kustomizations rendered to, by digests of all that decides it. It may be used by several builders at
// the same time, whose options must be alike. The zero Made is empty.
type Made struct {
	// charts are what charts' units render to, outputs what kustomize made.
	charts  memo.Table[string, *rendering]
	outputs memo.Table[string, output]
	// known is what charts know, by the digests of their files.
	known memo.Table[string, knowledge.Chart]
	// loaded is what Helm needs of charts.
	loaded helm.Charts
	// reader reads what charts render to.
	reader kustomize.Reader
}

// defaultLimits bound a chart or a kustomization: nothing bounds a template from inside. The slowest charts there are
// take less than a second.
var defaultLimits = watchdog.Limits{Time: 30 * time.Second, Memory: 2 << 30}

// Builder builds the units of a repository, equal ones once. Make one with NewBuilder.
type Builder struct {
	Repository *Repository
	// Unrestricted says that kustomize may read files outside of a kustomization's directory.
	Unrestricted bool

	options Options
	// homes are charts of the repository by their folders, inputs what units are made of.
	homes  memo.Table[string, chart.Chart]
	inputs memo.Table[madeOf, Inputs]
	*Made
}

// NewBuilder is a builder that has built nothing yet.
func NewBuilder(r *Repository, o Options) *Builder {
	o.KubeVersion = cmp.Or(o.KubeVersion, defaultKubeVersion)
	o.Limits = cmp.Or(o.Limits, defaultLimits)
	if file := o.File; file != nil {
		o.File = func(ctx context.Context, url string) ([]byte, error) {
			watchdog.Note(ctx)
			return file(ctx, url)
		}
	}
	return &Builder{Repository: r, options: o, Made: cmp.Or(o.Made, new(Made))}
}

// Forget lets go of what things rendered to, unless other builders may need it.
func (b *Builder) Forget() {
	if b.options.Made == nil {
		b.charts.Clear()
		b.outputs.Clear()
		b.reader.Clear()
	}
}

// Built is what a unit renders to.
type Built struct {
	Resources []manifest.Resource
	Problems  []Problem
	State     State
	// RecordedImages are those of recorded charts that their objects do not show.
	RecordedImages []string
	// Notes say what had to be chosen.
	Notes []string
	// Read are the files that it was made of.
	Read []string
	// Lists are the places of kustomizations' lists of charts.
	Lists []manifest.Place
	// Charts are those that were rendered, by the Unit in the origins of their objects.
	Charts map[string]Inflated
}

// Build builds units. They do not know of each other, so all processors build at once. An error means that ctx has ended, or
// that a chart or kustomization took more memory than it may.
func (b *Builder) Build(ctx context.Context, units []Unit) ([]Built, error) {
	if b.options.Ahead != nil {
		b.options.Ahead(ctx, b.named(units))
	}
	all := make([]Built, len(units))
	err := b.forEach(ctx, units, func(ctx context.Context, i int) (err error) {
		all[i], err = b.build(ctx, units[i])
		return err
	})
	return all, err
}

// forEach calls work for the indexes of units on all processors. The first error ends it, as the end of ctx does.
func (b *Builder) forEach(ctx context.Context, units []Unit, work func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var working sync.WaitGroup
	for _, i := range b.largestFirst(units) {
		slots <- struct{}{}
		working.Go(func() {
			defer func() { <-slots }()
			var err error
			stopped := watchdog.Safely(func() { err = work(ctx, i) })
			if err = cmp.Or(stopped, err); err != nil {
				cancel(err)
			}
		})
	}
	working.Wait()
	return context.Cause(ctx)
}

// largestFirst gives the indexes of units, those first that have most to be read: begun last, one would keep a single processor busy.
func (b *Builder) largestFirst(units []Unit) []int {
	order, sizes := make([]int, len(units)), make([]int, len(units))
	for i, u := range units {
		order[i] = i
		for _, f := range b.Repository.Tree.Under(u.Dir) {
			sizes[i] += len(f.Data)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return sizes[j] - sizes[i] })
	return order
}

func (b *Builder) build(ctx context.Context, u Unit) (Built, error) {
	switch u.Kind {
	case Kustomization:
		return b.kustomization(ctx, u)
	case Helm:
		return b.helm(ctx, u)
	case Jsonnet:
		return b.alone(ctx, u)
	}
	return b.directory(ctx, u)
}
