package render

import (
	"context"
	"fmt"
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// unreached builds the kustomizations among dirs, the charts and the Jsonnet files that no Application reaches.
func (r *renderer) unreached(ctx context.Context, dirs []string) error {
	var units []build.Unit
	for _, dir := range dirs {
		if !r.read[kustomization.In(r.repository().Tree, dir)] {
			units = append(units, build.Unit{Kind: build.Kustomization, Dir: dir})
		}
	}
	if err := r.follow(ctx, units); err != nil {
		return err
	}
	if err := r.follow(ctx, r.looseCharts()); err != nil {
		return err
	}
	return r.follow(ctx, r.looseJsonnet())
}

// follow builds what no Application reaches, and follows the Applications among its objects, which may reach others of it.
func (r *renderer) follow(ctx context.Context, units []build.Unit) error {
	units, err := r.compareUnits(ctx, units)
	if err != nil {
		return err
	}
	if err := r.build(ctx, units); err != nil {
		return err
	}
	for _, u := range units {
		for _, res := range flatten(r.builds[u.Key()].Resources) {
			r.enqueue(res)
		}
	}
	return r.applications(ctx)
}

// standalone adds what no Application reaches: each kustomization among dirs, each chart, and each manifest.
func (r *renderer) standalone(dirs []string) {
	for _, dir := range dirs {
		file := kustomization.In(r.repository().Tree, dir)
		if r.read[file] {
			continue
		}
		built := r.builds[build.Unit{Kind: build.Kustomization, Dir: dir}.Key()]
		if built.State.Missing() {
			r.result.Applications = append(r.result.Applications, Application{
				Kind: Kustomization, Name: dir, Place: manifest.Top(file), State: built.State,
			})
		}
		r.alone(file, Read{build.Kustomization, built.Read}, built)
		for _, p := range built.Read {
			r.read[p] = true
		}
	}
	for _, u := range r.looseCharts() {
		r.chart(u)
	}
	r.components()
	r.manifests()
}

// manifests adds the manifests that nothing reaches, and notes what looks like one.
func (r *renderer) manifests() {
	foreign := map[string][]string{}
	var left []string
	for _, p := range r.repository().Paths {
		if r.read[p] || kustomization.IsFile(p) {
			continue
		}
		if r.repository().IsPlain(p) && !r.repository().LeftOut(p) && r.unchangedFile(p) {
			r.unchanged(p, Read{build.Directory, []string{p}}, nil)
			continue
		}
		if what := r.repository().Foreign(p); what != "" {
			foreign[what] = append(foreign[what], p)
			continue
		}
		alone, ok := r.repository().Alone(p)
		switch {
		case ok && !onlyApplications(alone.Resources) && r.repository().LeftOut(p):
			left = append(left, p)
		case ok && r.unchangedFile(p):
			r.unchanged(p, Read{build.Directory, []string{p}}, alone.Resources)
		case ok:
			r.alone(p, Read{build.Directory, []string{p}}, alone)
		}
	}
	for what, files := range foreign {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("taken for %s, and for no manifest: %s", what, wording.Some(files)))
	}
	if len(left) > 0 {
		r.result.Notes = append(r.result.Notes, "left out of the kustomization beside it, and not judged: "+wording.Some(left))
	}
}

// components notes the patches of components that nothing includes: they are no objects. What such a component has as resources
// is judged as it stands.
func (r *renderer) components() {
	for _, p := range r.repository().Paths {
		if r.read[p] || !kustomization.IsFile(p) {
			continue
		}
		k, _ := r.repository().Kustomizations.Read(r.repository().Tree, path.Dir(p))
		if k.Kind != types.ComponentKind || !k.Readable() {
			continue
		}
		for _, ref := range k.References() {
			if ref.Use == kustomization.AsYAML || ref.Use == kustomization.AsData {
				r.read[path.Join(k.Dir, ref.Name)] = true
			}
		}
	}
}

// alone adds what a manifest or a kustomization holds that no Application reaches.
func (r *renderer) alone(file string, read Read, built build.Built) {
	for _, p := range built.Problems {
		r.tell(p)
	}
	one := Alone{File: file, Applications: onlyApplications(built.Resources), Made: Made{Read: []Read{read}, From: len(r.result.Resources)}}
	r.result.Resources = append(r.result.Resources, flatten(built.Resources)...)
	one.To = len(r.result.Resources)
	r.result.Alone = append(r.result.Alone, one)
}

// onlyApplications reports whether there is nothing but Applications among objects. They are what people apply first: that
// nothing reaches them is how it should be.
func onlyApplications(resources []manifest.Resource) bool {
	return len(resources) > 0 && !slices.ContainsFunc(resources, func(res manifest.Resource) bool { return !isApplication(res.ID) })
}
