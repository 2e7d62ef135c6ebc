package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// RenderOptions say how a repository is rendered.
type RenderOptions struct {
	// RequireRender makes it a failure that an Application cannot be rendered.
	RequireRender bool
	// ShowFetched says that it may be told what was fetched by URL.
	ShowFetched bool
	// Settings are another revision's; nil are the repository's own.
	Settings *Settings
	// Checkouts are other repositories that a person gives. They count as they stand now, in each state.
	Checkouts checkout.List
	// Kube is the version of Kubernetes that counts in each state, in place of those that the spec has.
	Kube Kube
	// App is the only Application to render; empty renders all.
	App string
	// Made keeps what is rendered for other trees; nil keeps nothing.
	Made *build.Made
}

// Rendered is a repository with what it renders to.
type Rendered struct {
	Repository
	render.Result
	// Failure says why it is not wholly judged, where that ends the run; nil where nothing does.
	Failure error
}

// Render renders a repository. An error means that it could not; what is wrong with the repository is in the result.
func (g Generator) Render(ctx context.Context, r Repository, o RenderOptions) (Rendered, error) {
	defer g.tell("")
	out, err := g.renderWhole(ctx, r, o)
	if o.App == "" {
		out.Result = r.Focus.Narrow(out.Result).Result
	}
	out.Result = out.told(out.Result, checkout.Checkout.Shown)
	return out, err
}

// renderWhole renders a repository, and holds against the options what is seen of it from its focus. An Application that is asked
// for by its name is looked for in all of it.
func (g Generator) renderWhole(ctx context.Context, r Repository, o RenderOptions) (Rendered, error) {
	out, err := g.renderAll(ctx, r, o)
	if err != nil {
		return out, err
	}
	out.Notes = append(out.Notes, append(g.Places.Silent(), o.Kube.notes(out)...)...)
	if o.App != "" {
		if out.Result, err = only(out.Result, o.App); err != nil {
			return out, err
		}
		out.Failure = cmp.Or(failure(out.Result, o), unseenOf(out.Result))
		return out, nil
	}
	seen := r.Focus.Narrow(out.Result).Result
	if isEmpty(seen) {
		return out, r.empty()
	}
	out.Failure = cmp.Or(failure(seen, o), nothing(seen))
	return out, nil
}

func isEmpty(r render.Result) bool { return len(r.Resources)+len(r.Problems)+len(r.Applications) == 0 }

// empty is the error of a repository with nothing in it, or in its focus.
func (r Repository) empty() error {
	in := ""
	if r.Focus != "" {
		in = " in " + string(r.Focus)
	}
	return fmt.Errorf("there is nothing to check%s: no Argo CD Application, kustomization or manifest", in)
}

// renderAll renders a repository, which may be one with nothing in it.
func (g Generator) renderAll(ctx context.Context, r Repository, o RenderOptions) (out Rendered, err error) {
	if r, err = g.withCheckouts(r, o); err != nil {
		return out, err
	}
	side, failed := g.side(ctx, r, o)
	out.Repository = r
	if out.Result, err = g.render(ctx, r, o.App, side.Options); err == nil {
		err = failed()
	}
	return out, err
}

// render renders one Application alone where that can be told, and else all.
func (g Generator) render(ctx context.Context, r Repository, app string, o render.Options) (render.Result, error) {
	if app != "" {
		g.tell("rendering")
		if result, alone, err := render.One(ctx, r.Tree, app, o); alone || err != nil {
			return result, err
		}
	}
	if named := supply.Named(r.Tree); len(named) > 0 {
		o.Ahead(ctx, named)
	} else {
		g.tell("rendering")
	}
	return render.All(ctx, r.Tree, o)
}

// options say how a repository is rendered. Where it is served, what its clusters are called and which mirrors are asked
// decides what is judged, and by which waivers: that is the settings' to say.
func (g Generator) options(r Repository, o RenderOptions) render.Options {
	by := o.settings(r)
	store := supply.Fetcher{Places: g.Places, Pins: supply.Pins(r.Lock), Progress: g.Progress}.Store()
	ahead := func(ctx context.Context, named []build.Unit) {
		if store.Bring(ctx, named); len(named) > 0 {
			g.tell("rendering")
		}
	}
	options := render.Options{
		Options: build.Options{
			Charts: []build.Charts{store}, Ahead: ahead, Pins: store.Pins, ShowFetched: o.ShowFetched, KubeVersion: o.Kube.chart(r.Spec.KubernetesVersion),
			KubeInstead: o.Kube.charts(r),
			File:        g.Places.Files(), Newest: g.Places.Newest(), Made: o.Made, Kept: g.Kept, Checkouts: r.Checkouts,
		},
		URLs: r.Remotes, Fork: true, Clusters: by.clusters(), Declared: by.declared(), Fixtures: by.fixtures(), Namespaced: g.Namespaced,
	}
	if dir, err := filepath.Abs(r.Dir); err == nil && r.Dir != "" {
		options.Of = dir
	}
	if url := by.url(); url != "" {
		options.Fork = false
		options.URLs, options.Branch = append([]string{url}, r.Remotes...), by.Spec.Repository.Branch
	}
	g.Places.Allow(by.Spec.Registries.Mirror.Hosts()...)
	return options
}

// settings are those that a repository is judged by.
func (o RenderOptions) settings(r Repository) *Settings {
	if o.Settings != nil {
		return o.Settings
	}
	return &Settings{Repository: r}
}

// only leaves one Application of what was rendered.
func only(r render.Result, name string) (render.Result, error) {
	var names []string
	for _, app := range r.Applications {
		if app.Kind == render.AnApplication {
			names = append(names, app.Name)
		}
	}
	if !slices.Contains(names, name) {
		return r, fault.Misuse(fmt.Errorf("--app %q: there is no such Application%s", name, wording.DidYouMean(name, names)))
	}
	r.Applications = slices.DeleteFunc(slices.Clone(r.Applications), func(a render.Application) bool { return a.Name != name || a.Kind != render.AnApplication })
	r.Resources = slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool { return res.Origin.Application != name })
	r.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p build.Problem) bool { return p.Application != name })
	return r, nil
}

// failure gives the error of a tree that could not be judged wholly, nil where that is as the flags allow it.
func failure(result render.Result, o RenderOptions) error {
	var refused, lacking hinted
	for _, app := range result.Applications {
		switch {
		case app.State.Kind == build.Refused:
			refused.add(fmt.Errorf("%s: %s", app.State.Place, app.State.Reason), app.State.Hint)
		case o.RequireRender && app.State.Unrendered() && app.Kind != render.Jsonnet: // most of it is libraries and tools
			lacking.add(fmt.Errorf("%s: %s is not rendered: %s", app.Place, app.Label(), app.State.Reason), app.State.Hint)
		}
	}
	if len(lacking.errs) > 0 {
		lacking.hints = append(lacking.hints, "leave --require-render out, and what is not rendered is a finding")
	}
	return cmp.Or(refused.join(), lacking.join())
}

// hinted are errors with what to do about them, each hint once.
type hinted struct {
	errs  []error
	hints []string
}

func (h *hinted) add(err error, hint string) {
	h.errs = append(h.errs, err)
	if hint != "" && !slices.Contains(h.hints, hint) {
		h.hints = append(h.hints, hint)
	}
}

// join makes one error of them; nil where there is none. Further hints are lines that go on, as of any error.
func (h hinted) join() error {
	if len(h.errs) == 0 {
		return nil
	}
	return fault.Hint(errors.Join(h.errs...), strings.Join(h.hints, "\n    "))
}

// unseenOf gives the error of an Application of which there is no object to show; nil where there is one, or none that is lacking.
func unseenOf(result render.Result) error {
	seen := slices.ContainsFunc(result.Resources, func(res manifest.Resource) bool { return !res.Origin.Recorded })
	if seen || len(result.Problems) > 0 {
		return nil
	}
	var all hinted
	for _, app := range result.Applications {
		if app.State.Kind != build.Rendered {
			all.add(fmt.Errorf("%s: %s is not rendered: %s", app.Place, app.Label(), app.State.Reason), app.State.Hint)
		}
	}
	return all.join()
}

// nothing gives the error of a tree of which nothing could be rendered. The report says why.
func nothing(result render.Result) error {
	if len(result.Resources)+len(result.Problems) > 0 {
		return nil
	}
	err := errors.New("there is nothing that could be checked: nothing here was rendered")
	if i := slices.IndexFunc(result.Applications, func(app render.Application) bool { return !app.Kind.Unreached() }); i >= 0 || len(result.Applications) == 0 {
		return err
	}
	var names []string
	for _, app := range result.Applications {
		names = append(names, app.Label())
	}
	return fmt.Errorf("%w: there is but %s", err, wording.Some(names))
}
