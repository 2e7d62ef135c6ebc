// Package knowledge tells which values a chart knows: those that its own values and its schema name, and those that its templates
// read, found without running them.
//
// It knows charts and layers of values, and nothing of who names them. Where it cannot follow what a template does with values, it
// takes the chart to know all of them.
package knowledge

import (
	"maps"
	"slices"

	"helm.sh/helm/v4/pkg/chart/common"
)

// node is a value of a chart, or of one of its subcharts.
type node struct {
	id int
	// open says that whatever stands below is known: it is handed on as a whole.
	open bool
	// global are the values that all charts share, where the values of a chart stand here; else it is nil.
	global *node
	below  map[string]*node
}

// valuesTree has all values that a chart and its subcharts know.
type valuesTree struct {
	top *node
	// charts are the nodes at which the values of charts stand.
	charts []*node
	nodes  int
}

// maxNodes bounds what a chart may know. The largest charts there are know 3,000 values.
const maxNodes = 200_000

func newTree() *valuesTree {
	t := &valuesTree{}
	t.top = t.node()
	t.chart(t.top)
	return t
}

func (t *valuesTree) node() *node {
	t.nodes++
	return &node{id: t.nodes, below: map[string]*node{}}
}

// chart notes that the values of a chart stand at a node.
func (t *valuesTree) chart(n *node) {
	if n.global != nil {
		return
	}
	if n.global = t.top.global; n.global == nil {
		n.global = t.node()
	}
	t.charts = append(t.charts, n)
}

// at gives the value of a key below a node, which is known from now on.
func (t *valuesTree) at(n *node, keys ...string) *node {
	for _, key := range keys {
		if key == common.GlobalKey && n.global != nil {
			n = n.global
			continue
		}
		if n.below[key] == nil {
			if t.nodes >= maxNodes {
				t.openAll()
				return n
			}
			n.below[key] = t.node()
		}
		n = n.below[key]
	}
	return n
}

// openAll says that all charts know all values.
func (t *valuesTree) openAll() {
	for _, n := range t.charts {
		n.open = true
	}
	t.top.global.open = true
}

// free reports whether a node says nothing of what may stand below it.
func (n *node) free() bool { return n.open || len(n.below) == 0 }

// get looks for the value of a key; nil where it is not known.
func (n *node) get(key string) *node {
	if key == common.GlobalKey && n.global != nil {
		return n.global
	}
	return n.below[key]
}

// names are the keys that are known below a node, sorted.
func (n *node) names() []string {
	names := slices.Collect(maps.Keys(n.below))
	if n.global != nil {
		names = append(names, common.GlobalKey)
	}
	slices.Sort(names)
	return names
}
