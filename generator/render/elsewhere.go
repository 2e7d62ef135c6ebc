package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
)

// standing is the state of what wants a revision of a repository of which a checkout is given; the zero State where that is what
// stands there.
func (r *renderer) standing(c checkout.Checkout, revision string) build.State {
	state := build.Standing(c, revision)
	if state == (build.State{}) {
		r.used[c.Root] = true
		if _, assumed := c.Stands(revision); assumed {
			r.result.Notes = append(r.result.Notes, fmt.Sprintf("what stands in %s is taken to be the revision %q of %s", c.Dir, revision, chart.Location(c.URL)))
		}
	}
	return state
}

// rootOf is the folder of the tree that the repository of a URL is.
func (r *renderer) rootOf(url string) string {
	if c, given := r.options.Checkouts.Find(url); given {
		return c.Root
	}
	return "."
}

// notHere says why what a generator wants of a repository is not here of which a checkout is given; nil where it is.
func (r *renderer) notHere(c checkout.Checkout, revision string) *appset.Lack {
	state := r.standing(c, revision)
	if state == (build.State{}) {
		return nil
	}
	return &appset.Lack{Kind: appset.NotHere, Text: "its generator git reads " + strings.TrimPrefix(state.Reason, "its source is ")}
}

// outside tells of links out of the repositories that are rendered.
func (r *renderer) outside() {
	if len(r.known) > 0 {
		r.used["."] = true
	}
	for _, root := range slices.Sorted(maps.Keys(r.used)) {
		for _, p := range r.repository().OutsideIn(root) {
			r.tell(p)
		}
	}
}
