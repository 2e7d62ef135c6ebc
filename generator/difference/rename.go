package difference

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// alike is an Application that went, and one that came in its place perhaps.
type alike struct {
	from, to AppName
	// share is that of the objects which both have; more than all is for those of one source.
	share float64
}

// maxAlike bounds how many pairs of Applications are held against each other, object by object.
const maxAlike = 100_000

// rename finds the Applications that bear another name now: those of one source, then those that bring mostly the same.
func (c *comparison) rename() {
	var found []alike
	went, came := c.only(c.from, c.to), c.only(c.to, c.from)
	if len(went)*len(came) > maxAlike {
		return
	}
	for _, from := range went {
		for _, to := range came {
			if from.Cluster != to.Cluster {
				continue
			}
			if share := c.share(from, to); share > 0.5 {
				found = append(found, alike{from, to, share})
			}
		}
	}
	slices.SortFunc(found, func(a, b alike) int {
		return cmp.Or(cmp.Compare(b.share, a.share), compareNames(a.from, b.from), compareNames(a.to, b.to))
	})
	for _, a := range found {
		if c.later(a.from) == a.from && c.before(a.to) == a.to {
			c.renamed[a.from], c.were[a.to] = a.to, a.from
		}
	}
}

// only lists the Applications that one state has and the other has not, by name.
func (c *comparison) only(in, other *state) []AppName {
	var names []AppName
	for name := range in.apps {
		if _, ok := other.apps[name]; !ok && in.has(name) && other.unknown(name, in) == "" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, compareNames)
	return names
}

// share says how much two Applications have in common.
func (c *comparison) share(from, to AppName) float64 {
	before, _ := c.from.object(from)
	after, _ := c.to.object(to)
	if sameSource(before.Spec, after.Spec) {
		return 2
	}
	old, now := c.from.brought[from], c.to.brought[to]
	if min(len(old), len(now))*2 < max(len(old), len(now)) && len(old) != 0 {
		return 0 // so that a few large ones are not read again and again
	}
	olds, news := ids(old), ids(now)
	both := 0
	for id := range olds {
		if news[id] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(olds), len(news)))
}

// ids are the names of objects, each once.
func ids(all []*manifest.Resource) map[key]bool {
	names := map[key]bool{}
	for _, res := range all {
		names[keyOf(res.ID, AppName{})] = true
	}
	return names
}

// sameSource reports whether two Applications render the same place.
func sameSource(a, b argocd.ApplicationSpec) bool {
	from, to := a.Sources(), b.Sources()
	if len(from) != 1 || len(to) != 1 || from[0].Path+from[0].Chart == "" {
		return false
	}
	return from[0].Path == to[0].Path && from[0].Chart == to[0].Chart &&
		argocd.NormalizeURL(from[0].RepoURL) == argocd.NormalizeURL(to[0].RepoURL)
}

// later gives the name that an Application of the earlier state bears in the later one.
func (c *comparison) later(app AppName) AppName {
	if to, ok := c.renamed[app]; ok {
		return to
	}
	return app
}

// before gives the name that an Application of the later state bore in the earlier one.
func (c *comparison) before(app AppName) AppName {
	if from, ok := c.were[app]; ok {
		return from
	}
	return app
}
