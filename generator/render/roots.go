package render

import (
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// roots are where rendering begins.
type roots struct {
	// applications stand in plain files, kustomizations are directories; no kustomization includes either.
	applications   []manifest.Resource
	kustomizations []string
}

func rootsOf(r *build.Repository) roots {
	var found roots
	var dirs []string
	includes, included := map[string][]string{}, map[string]bool{}
	for _, p := range r.Paths {
		if !kustomization.IsFile(p) {
			continue
		}
		f, _ := r.Tree.File(p)
		named, component := r.Kustomizations.Includes(f) // whoever builds it tells what is wrong
		paths := slices.Clone(named)
		dir := path.Dir(p)
		for i, below := range paths {
			paths[i] = r.Tree.Real(below)
			included[paths[i]] = true
		}
		includes[dir] = append(includes[dir], paths...)
		if !component {
			dirs = append(dirs, dir)
		}
	}
	reached := map[string]bool{}
	for _, cycles := range []bool{false, true} { // what includes itself has no root: any of it will do
		for _, dir := range dirs {
			if !reached[dir] && (cycles || !included[dir]) {
				reach(dir, includes, reached)
				found.kustomizations = append(found.kustomizations, dir)
			}
		}
	}
	for _, p := range r.Paths {
		if !included[p] && !r.IsPlain(p) {
			found.applications = append(found.applications, flatten(r.Manifest(p).Resources)...)
		}
	}
	return found
}

// reach marks what dir includes, and what that does.
func reach(dir string, includes map[string][]string, reached map[string]bool) {
	if reached[dir] {
		return
	}
	reached[dir] = true
	for _, below := range includes[dir] {
		reach(below, includes, reached)
	}
}
