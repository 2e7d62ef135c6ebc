package generator

import (
	"context"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/size"
)

// Sizes says what is asked for on each cluster of the generated repository in a directory, which has this platform, as far as it
// renders.
func (g Generator) Sizes(ctx context.Context, dir string, p Platform) ([]size.Cluster, error) {
	defer g.tell("")
	r, err := g.Open(dir, p.Spec.Tier)
	if err != nil {
		return nil, err
	}
	rendered, err := g.renderAll(ctx, r, RenderOptions{})
	if err != nil {
		return nil, err
	}
	var all []size.Cluster
	for i, c := range p.Spec.Clusters {
		one, err := sizeOf(rendered.Result, p.Blueprint.Clusters[i])
		if err != nil {
			return nil, err
		}
		one.Machines = p.Spec.Machines(c)
		all = append(all, one)
	}
	return all, nil
}

// sizeOf sums what is rendered for a cluster: what its platform brings, and apart from that what else does.
func sizeOf(r render.Result, p blueprint.Platform) (size.Cluster, error) {
	out := size.Cluster{Name: p.Name}
	sum, err := size.Of(slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool { return res.Origin.Cluster != p.Name }))
	if err != nil {
		return out, err
	}
	for name, one := range sum.ByComponent {
		if slices.ContainsFunc(p.Components, func(c blueprint.Component) bool { return c.Name == name }) {
			out.Platform = out.Platform.Plus(one)
		} else {
			out.Own = out.Own.Plus(one)
		}
	}
	out.Unread = sum.Unread
	for _, app := range r.Applications {
		if app.Cluster == p.Name && app.Kind == render.AnApplication && !app.State.Known() {
			out.Unrendered = append(out.Unrendered, app.Name)
		}
	}
	slices.Sort(out.Unrendered)
	return out, nil
}
