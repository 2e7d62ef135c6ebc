package render

import (
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// looseJsonnet are the Jsonnet files that no Application reaches.
func (r *renderer) looseJsonnet() (units []build.Unit) {
	for _, p := range r.repository().LooseJsonnet() {
		if !r.read[p] && !r.isReached(p) {
			units = append(units, build.Unit{Kind: build.Jsonnet, Dir: p})
		}
	}
	return units
}

// standaloneJsonnet adds the objects of Jsonnet files that no Application reaches, but for those that another one imports, and
// names the others.
func (r *renderer) standaloneJsonnet() {
	loose := r.looseJsonnet()
	for _, u := range loose {
		for _, imported := range r.builds[u.Key()].Read {
			r.read[imported] = r.read[imported] || imported != u.Dir
		}
	}
	for _, u := range loose {
		p, built := u.Dir, r.builds[u.Key()]
		switch {
		case r.read[p]:
		case built.State.Missing():
			r.result.Applications = append(r.result.Applications, Application{
				Kind: Jsonnet, Name: p, Place: manifest.Top(p), State: built.State,
			})
		default:
			built.Problems = nil // nothing says that Argo CD evaluates it
			r.alone(p, Read{u.Kind, built.Read}, built)
		}
	}
}
