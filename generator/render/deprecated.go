package render

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// deprecated notes the fields that kustomize warns of where it reads a kustomization, each once with the places.
func (r *renderer) deprecated() {
	read := map[string]bool{}
	for _, built := range r.builds {
		for _, p := range built.Read {
			read[p] = read[p] || kustomization.IsFile(p)
		}
	}
	places := map[[2]string][]string{}
	for _, p := range slices.Sorted(maps.Keys(read)) {
		if !read[p] {
			continue
		}
		k, _ := r.repository().Kustomizations.Read(r.repository().Tree, path.Dir(p))
		for _, d := range k.Deprecated() {
			fields := [2]string{d.Name, d.Instead}
			places[fields] = append(places[fields], d.Place.String())
		}
	}
	for fields, at := range places {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("kustomize calls %s deprecated, and wants %s: %s", fields[0], fields[1], wording.Some(at)))
	}
}
