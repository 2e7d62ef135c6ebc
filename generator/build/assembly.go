package build

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// assembly puts one kustomization together: what is remote is brought, charts are inflated, and kustomize is run.
type assembly struct {
	*kustomize.Whole
	*Builder
	edits kustomization.Edits
	// state says what is lacking.
	state State
	// records are what is known of charts that are not at hand, and recordedImages the images that these do not show.
	records        []manifest.Resource
	recordedImages []string
	inflated       map[string]Inflated
}

// output is what kustomize made of a kustomization, or why that did not work.
type output struct {
	kustomize.Output
	of  *Repository
	dir string
	err error
}

// isFor reports whether the output is that of a kustomization of the same key, too. What failed is not: errors have places.
func (o output) isFor(a *assembly) bool {
	return o.of == a.Repository && o.dir == a.Dir || o.err == nil && !o.Own
}

// kustomization builds a kustomization. An error means that ctx has ended or a limit was passed.
func (b *Builder) kustomization(ctx context.Context, u Unit) (Built, error) {
	w, err := kustomize.Walk(ctx, b.source(u), u.Dir)
	if err != nil {
		return Built{}, err
	}
	if b.options.FollowOnly && !b.mayBeFollowed(ctx, w) {
		return Built{Read: slices.Sorted(maps.Keys(w.Read))}, ctx.Err()
	}
	if b.options.NoteInputs {
		if _, err := b.inputs.Do(ctx, b.madeOf(u), func() (Inputs, error) { return b.kustomizationInputs(ctx, w, b.inputsHash(u)) }); err != nil {
			return Built{}, err
		}
	}
	a := assembly{Whole: w, Builder: b, edits: u.Edits, inflated: map[string]Inflated{}}
	a.bring(ctx)
	for i := range w.Charts {
		if err := a.inflate(ctx, i); err != nil {
			return Built{}, err
		}
	}
	resources, err := a.run(ctx)
	if err != nil {
		return Built{}, err
	}
	a.settle()
	return Built{
		Resources: resources, Problems: problemsOf(w.Faults), State: a.state, RecordedImages: a.recordedImages,
		Read: slices.Sorted(maps.Keys(w.Read)), Lists: w.Lists, Charts: a.inflated,
	}, ctx.Err()
}

// source is where a kustomization is read.
func (b *Builder) source(u Unit) kustomize.Source {
	return kustomize.Source{
		Tree: b.Repository.Tree, Manifest: b.Repository.Manifest, Kustomizations: b.Repository.Kustomizations, Unrestricted: b.Unrestricted, Edits: u.Edits, Checkout: b.checkout,
	}
}

// bring fetches what is remote.
func (a *assembly) bring(ctx context.Context) {
	for i, r := range a.Remotes {
		if data, ok := a.fetch(ctx, r.Place, r.URL); ok {
			a.Bring(i, data)
		}
	}
}

// fetch gets a file by its URL. ok is false where it could not be had, which is told.
func (a *assembly) fetch(ctx context.Context, at manifest.Place, url string) (data []byte, ok bool) {
	lacking := func(reason string) {
		a.Block(kustomize.Reason{Text: chart.Location(url) + reason, Needs: kustomize.AFile})
	}
	switch {
	case !kustomize.IsFileURL(url):
		a.Block(kustomize.Reason{Text: chart.Location(url) + " is in another Git repository, which this version does not fetch", Needs: kustomize.ACheckout})
		return nil, false
	case a.options.File == nil:
		lacking(" is remote, and the network may not be used")
		return nil, false
	}
	data, err := a.options.File(ctx, url)
	a.Secret = a.Secret || !a.options.ShowFetched
	var unavailable *chart.Unavailable
	switch {
	case errors.As(err, &unavailable):
		lacking(": " + unavailable.Reason)
	case err != nil && ctx.Err() == nil:
		a.Fail(at, "%s: %s", chart.Location(url), oneLine(err.Error()))
	}
	return data, err == nil
}

// ready reports whether kustomize may be run.
func (a *assembly) ready() bool {
	return !a.Failed() && a.Reason == (kustomize.Reason{}) && a.state.Kind != Refused
}

// run runs kustomize, unless it was run on the same already. An error means that ctx has ended or a limit was passed.
func (a *assembly) run(ctx context.Context) ([]manifest.Resource, error) {
	if !a.ready() {
		return nil, nil
	}
	build := func() (output, error) {
		built, err := a.buildKept(ctx)
		return output{built, a.Repository, a.Dir, err}, ctx.Err()
	}
	out, err := a.outputs.Do(ctx, a.Key(), build)
	if err == nil && !out.isFor(a) {
		out, err = build()
	}
	var exceeded *watchdog.Exceeded
	switch {
	case err != nil:
		return nil, err
	case errors.As(out.err, &exceeded):
		return nil, a.stopped(manifest.Top(kustomization.In(a.Repository.Tree, a.Dir)), "kustomize", exceeded)
	case out.err != nil:
		if !a.RefusesDouble(out.err) {
			a.blame(out.err)
		}
		return nil, nil
	}
	resources := append(a.Take(out.Output), a.records...)
	for i := range resources {
		resources[i].Origin.Fetched = a.Secret
	}
	return resources, nil
}

// blame tells of an error of kustomize, unless it may be for what is lacking.
func (a *assembly) blame(err error) {
	problem := a.Blame(err)
	switch a.state.Kind {
	case Recorded:
		a.lack(State{Kind: NotRendered, Reason: fmt.Sprintf("%s, and kustomize cannot do without: %s", a.state.Reason, problem.Message), Hint: hintCharts})
	case Rendered:
		a.Fail(problem.Place, "%s", problem.Message)
	}
}

// stopped tells of something that passed its limits. What took its time only is left to itself; where it took memory
// too, the error says so, and the process should end.
func (a *assembly) stopped(at manifest.Place, what string, err *watchdog.Exceeded) error {
	if err.Memory {
		return fmt.Errorf("%s: %s %w", at, what, err)
	}
	a.Fail(at, "%s was %s", what, err)
	return nil
}

// lack takes a state in place of one that says less; of those that say as much the first counts.
func (a *assembly) lack(s State) {
	if s.Kind > a.state.Kind {
		a.state = s
	}
}

// settle works out the state.
func (a *assembly) settle() {
	if reason := a.Reason; reason != (kustomize.Reason{}) {
		hint := map[kustomize.Need]string{kustomize.AFile: hintFiles, kustomize.ACheckout: HintCheckout, kustomize.ARevision: hintRevision}[reason.Needs]
		a.lack(State{Kind: NotRendered, Reason: reason.Text, Hint: hint})
	}
	if a.Failed() && a.state.Kind < Refused {
		a.state = failed
	}
}
