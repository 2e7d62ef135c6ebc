package render

import (
	"slices"
	"strings"
)

// loops notes the Applications that bring each other: whoever deletes one deletes them all. One that brings itself, or what brings
// it, is how a bootstrap is managed.
func (r *renderer) loops() {
	brings := map[string][]string{}
	for _, res := range r.result.Resources {
		if by := res.Origin.Application; by != "" && by != res.ID.Name && isApplication(res.ID) {
			brings[by] = append(brings[by], res.ID.Name)
		}
	}
	var way []string
	done := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if i := slices.Index(way, name); i >= 0 && len(way)-i > 2 {
			r.result.Notes = append(r.result.Notes, "Applications bring each other: "+strings.Join(append(slices.Clone(way[i:]), name), ", "))
		}
		if done[name] {
			return
		}
		done[name] = true
		way = append(way, name)
		for _, next := range brings[name] {
			visit(next)
		}
		way = way[:len(way)-1]
	}
	for _, app := range r.result.Applications {
		visit(app.Name)
	}
}
