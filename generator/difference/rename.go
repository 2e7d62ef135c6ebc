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

// rename finds the Applications that bear another name now: those of one source, then those that bring mostly the same.
func (c *comparison) rename() {
	var found []alike
	came := c.only(c.to, c.from)
	for _, from := range c.only(c.from, c.to) {
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
	taken := map[AppName]bool{}
	for _, a := range found {
		if _, ok := c.renamed[a.from]; !ok && !taken[a.to] {
			c.renamed[a.from], taken[a.to] = a.to, true
		}
	}
}

// only lists the Applications that one state has and the other has not, by name.
func (c *comparison) only(in, other *state) []AppName {
	var names []AppName
	for name := range in.apps {
		if _, ok := other.apps[name]; !ok && in.objects[name.Name] != nil && other.unknown(name, in) == "" {
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
	old, now := ids(c.from.brought[from]), ids(c.to.brought[to])
	both := 0
	for id := range old {
		if now[id] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(old), len(now)))
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
	for from, to := range c.renamed {
		if to == app {
			return from
		}
	}
	return app
}
