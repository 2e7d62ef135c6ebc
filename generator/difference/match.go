package difference

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// pair is an object in both states; it is nil in one where it is not there.
type pair struct {
	from, to *manifest.Resource
}

// key names an object as Argo CD does: by its kind, whatever the version.
type key struct {
	app                          AppName
	group, kind, namespace, name string
}

func keyOf(id manifest.ID, app AppName) key {
	return key{app, id.Group, id.Kind, id.Namespace, id.Name}
}

// match finds the objects of the one state in the other: in the same Application first, then in another.
func (c *comparison) match() []pair {
	m := matcher{gone: pointers(c.from.Resources), came: pointers(c.to.Resources)}
	own := func(res *manifest.Resource) key { return keyOf(res.ID, c.later(appOf(*res))) }
	m.join(own, func(pair) bool { return true })
	left := matcher{gone: slices.Clone(m.gone), came: slices.Clone(m.came)}
	m.gone = slices.DeleteFunc(m.gone, func(res *manifest.Resource) bool { return c.to.lacks(res, c.later(appOf(*res)), c.from) })
	m.came = slices.DeleteFunc(m.came, func(res *manifest.Resource) bool { return c.from.lacks(res, c.before(appOf(*res)), c.to) })
	m.join(func(res *manifest.Resource) key {
		k := own(res)
		k.namespace = ""
		return k
	}, placedOnce)
	m.join(func(res *manifest.Resource) key {
		return keyOf(res.ID, AppName{Cluster: res.Origin.Cluster})
	}, func(p pair) bool { return p.from.Origin.Application != "" && p.to.Origin.Application != "" })
	idle := left.idle()
	for _, res := range m.gone {
		if !idle[res] {
			m.pairs = append(m.pairs, pair{from: res})
		}
	}
	for _, res := range m.came {
		if !idle[res] {
			m.pairs = append(m.pairs, pair{to: res})
		}
	}
	return m.pairs
}

// idle are the objects that no Application brings, and that one brings in the other state: nobody applies them here, so that
// there they come or go.
func (m *matcher) idle() map[*manifest.Resource]bool {
	idle := map[*manifest.Resource]bool{}
	note := func(p pair) bool {
		idle[p.from], idle[p.to] = p.from.Origin.Application == "", p.to.Origin.Application == ""
		return true
	}
	m.join(func(res *manifest.Resource) key { return keyOf(res.ID, AppName{}) }, note)
	m.join(func(res *manifest.Resource) key {
		return key{group: res.ID.Group, kind: res.ID.Kind, name: res.ID.Name}
	}, func(p pair) bool { return placedOnce(p) && note(p) })
	return idle
}

// placedOnce reports whether an object stands in a namespace in one state alone. Whether its kind does is known by its definition,
// which may be in one state alone, and which namespace by its Application.
func placedOnce(p pair) bool { return (p.from.ID.Namespace == "") != (p.to.ID.Namespace == "") }

func pointers(resources []manifest.Resource) []*manifest.Resource {
	all := make([]*manifest.Resource, len(resources))
	for i := range resources {
		all[i] = &resources[i]
	}
	return all
}

// matcher holds what has been paired and what is left.
type matcher struct {
	pairs      []pair
	gone, came []*manifest.Resource
}

// join pairs what is left by a key, where may allows it. Of several with one key, equal ones come together first.
func (m *matcher) join(of func(*manifest.Resource) key, may func(pair) bool) {
	came := map[key][]*manifest.Resource{}
	for _, res := range m.came {
		came[of(res)] = append(came[of(res)], res)
	}
	gone := map[key][]*manifest.Resource{}
	for _, res := range m.gone {
		gone[of(res)] = append(gone[of(res)], res)
	}
	paired := map[*manifest.Resource]bool{}
	for _, k := range slices.SortedFunc(maps.Keys(gone), compareKeys) {
		for _, p := range pairUp(gone[k], came[k]) {
			if may(p) {
				m.pairs = append(m.pairs, p)
				paired[p.from], paired[p.to] = true, true
			}
		}
	}
	isPaired := func(res *manifest.Resource) bool { return paired[res] }
	m.gone, m.came = slices.DeleteFunc(m.gone, isPaired), slices.DeleteFunc(m.came, isPaired)
}

func compareKeys(a, b key) int {
	return cmp.Or(
		compareNames(a.app, b.app), strings.Compare(a.group, b.group), strings.Compare(a.kind, b.kind),
		strings.Compare(a.namespace, b.namespace), strings.Compare(a.name, b.name),
	)
}

// pairUp pairs objects of one key. There is one of each, but where a repository has an object twice.
func pairUp(from, to []*manifest.Resource) []pair {
	if len(from) == 1 && len(to) == 1 {
		return []pair{{from[0], to[0]}}
	}
	old, now := inOrder(from), inOrder(to)
	var pairs []pair
	var restOld, restNow []written
	for len(old) > 0 && len(now) > 0 {
		switch cmp.Compare(old[0].text, now[0].text) {
		case 0:
			pairs = append(pairs, pair{old[0].Resource, now[0].Resource})
			old, now = old[1:], now[1:]
		case -1:
			restOld, old = append(restOld, old[0]), old[1:]
		case 1:
			restNow, now = append(restNow, now[0]), now[1:]
		}
	}
	old, now = append(restOld, old...), append(restNow, now...)
	for i := range min(len(old), len(now)) {
		pairs = append(pairs, pair{old[i].Resource, now[i].Resource})
	}
	return pairs
}

// written is an object with what it says.
type written struct {
	*manifest.Resource
	text string
}

// inOrder sorts objects by what they say.
func inOrder(all []*manifest.Resource) []written {
	var sorted []written
	for _, res := range all {
		text, _ := json.Marshal(res.Object) // JSON-shaped values always encode
		sorted = append(sorted, written{res, string(text)})
	}
	slices.SortFunc(sorted, func(a, b written) int {
		return cmp.Or(strings.Compare(a.text, b.text), compareNames(appOf(*a.Resource), appOf(*b.Resource)))
	})
	return sorted
}
