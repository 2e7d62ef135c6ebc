package render

import (
	"context"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// kustomizations builds those that no Application reaches, and follows the Applications among their objects, which may
// reach others of them.
func (r *renderer) kustomizations(ctx context.Context, dirs []string) error {
	var targets []target
	for _, dir := range dirs {
		if !r.read[r.repo.kustomization(dir)] {
			targets = append(targets, target{dir: dir})
		}
	}
	if err := r.build(ctx, targets); err != nil {
		return err
	}
	for _, t := range targets {
		for _, res := range flatten(r.builds[t].resources) {
			r.enqueue(res)
		}
	}
	return r.applications(ctx)
}

// standalone adds what no Application reaches: each kustomization among dirs, and each manifest.
func (r *renderer) standalone(dirs []string) {
	for _, dir := range dirs {
		file := r.repo.kustomization(dir)
		if r.read[file] {
			continue
		}
		built := r.builds[target{dir: dir}]
		if built.state.Kind == NotRendered || built.state.Kind == Refused {
			r.result.Applications = append(r.result.Applications, Application{
				Name: dir, Place: manifest.Place{File: file, Line: 1, Column: 1}, State: built.state,
			})
		}
		r.alone(file, built.resources, built.problems)
		for _, p := range built.read {
			r.read[p] = true
		}
	}
	for _, p := range r.repo.paths {
		if r.read[p] || isKustomization(p) {
			continue
		}
		f, _ := r.repo.tree.File(p)
		file := r.repo.file(p)
		likely := file.likely() // other files than manifests are anywhere
		if len(file.resources)+len(likely) > 0 || hasFailed(file.problems) && looksLikeObject(f.Data) {
			r.alone(p, file.resources, file.withStrays(likely))
		}
	}
}

func (r *renderer) alone(file string, resources []manifest.Resource, problems []Problem) {
	for _, p := range problems {
		r.tell(p)
	}
	r.result.Resources = append(r.result.Resources, flatten(resources)...)
	// Applications are what people apply first: that nothing reaches them is how it should be.
	if !slices.ContainsFunc(resources, func(res manifest.Resource) bool { return !isApplication(res.ID) }) && len(resources) > 0 {
		return
	}
	r.result.Standalone = append(r.result.Standalone, file)
}
