package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// standing is the state of what wants a revision of a repository of which a checkout is given; the zero State where that is what
// stands there.
func (r *renderer) standing(c checkout.Checkout, revision string) build.State {
	state := build.Standing(c, revision)
	if state == (build.State{}) {
		r.used[c.Root] = true
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

// repositories tells of the repositories that are rendered what keeps them from being, and what had to be assumed.
func (r *renderer) repositories() {
	if len(r.known) > 0 {
		r.used["."] = true
	}
	for _, root := range slices.Sorted(maps.Keys(r.used)) {
		for _, p := range r.repository().OutsideIn(root) {
			r.tell(p)
		}
	}
	for _, c := range r.options.Checkouts {
		if !r.used[c.Root] && !r.readsIn(c.Root) {
			continue
		}
		problems, notes := r.repository().UnreadIn(c.Root, r.isReached)
		for _, p := range problems {
			r.tell(p)
		}
		if r.result.Notes = append(r.result.Notes, notes...); !c.Known() {
			r.result.Notes = append(r.result.Notes, fmt.Sprintf("what stands in %s is taken for every revision of %s that is asked for, for it is no Git work tree", c.Dir, c.Name()))
		}
	}
}

// readsIn reports whether a file of the repository of a root is read, as kustomizations of others do.
func (r *renderer) readsIn(root string) bool {
	for p := range r.read {
		if tree.Within(p, root) {
			return true
		}
	}
	return false
}
