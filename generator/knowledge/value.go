package knowledge

import (
	"fmt"
	"slices"
	"strings"
)

// value is all that something in a template may be.
type value []thing

// thing is one thing that a value may be.
type thing struct {
	kind kind
	// node is where the values stand, or those of the chart.
	node *node
	text string
	// below are the items of a mapping, or of a list by their indices. What may stand anywhere in it has the key anywhere.
	below map[string]value
	// name is what a mapping is known by.
	name string
}

type kind int

const (
	// anything is what nothing is known of.
	anything kind = iota
	// context is what Helm hands to the templates of a chart, with Values in it.
	context
	contexts
	// data are values of a chart.
	data
	text
	mapping
)

// anywhere is the key of items whose place is not known, which no key is called.
const anywhere = "\x00"

const (
	// mostThings bounds what a value may be.
	mostThings = 256
	// longest bounds what is known of a text, and of a mapping with all that stands in it.
	longest = 1 << 12
)

// unknown is a value of which nothing is known.
var unknown = value{{kind: anything}}

// texts is a text, of which nothing is known where it is very long.
func texts(t string) value {
	if len(t) > longest {
		return unknown
	}
	return value{{kind: text, text: t}}
}

// mapping is one with some items.
func (r *reader) mapping(below map[string]value) value {
	var b strings.Builder
	for _, key := range sortedKeys(below) {
		fmt.Fprintf(&b, "%q:%s,", key, below[key].id())
	}
	if r.left -= b.Len() / longest; b.Len() > longest {
		for _, v := range below {
			r.lose(v)
		}
		return unknown
	}
	return value{{kind: mapping, below: below, name: "{" + b.String() + "}"}}
}

// id is what a thing is known by.
func (t thing) id() string {
	switch t.kind {
	case text:
		return fmt.Sprintf("t%q", t.text)
	case mapping:
		return t.name
	}
	if t.node == nil {
		return "?"
	}
	return fmt.Sprintf("%d.%d", t.kind, t.node.id)
}

// id is what a value is known by.
func (v value) id() string {
	ids := make([]string, len(v))
	for i, t := range v {
		ids[i] = t.id()
	}
	slices.Sort(ids)
	return "[" + strings.Join(ids, " ") + "]"
}

// either is what may be any of some values.
func (r *reader) either(all ...value) (v value) {
	seen := map[string]bool{}
	for _, one := range all {
		for _, t := range one {
			if id := t.id(); !seen[id] {
				seen[id] = true
				v = append(v, t)
			}
		}
	}
	if r.left -= len(v); len(v) > mostThings {
		r.hand(v)
		return unknown
	}
	return v
}

// field is what stands below a key. What stands below nothing may have been put there unseen.
func (r *reader) field(v value, key string) value {
	if len(v) == 0 {
		v = unknown
	}
	var all []value
	for _, t := range v {
		all = append(all, r.below(t, key))
	}
	return r.either(all...)
}

// below is what stands below a key of a thing. What is not known may be the context of any chart.
func (r *reader) below(t thing, key string) (found value) {
	switch {
	case t.kind == anything && key == "Values":
		for _, n := range r.charts {
			found = append(found, thing{kind: data, node: n})
		}
		return found
	case key == "BasePath":
		return texts(basePath)
	case key == "Files" && (t.kind == anything || t.kind == context):
		r.readsFiles = true
	case t.kind == context && key == "Values":
		return value{{kind: data, node: t.node}}
	case t.kind == context && key == "Subcharts":
		return value{{kind: contexts, node: t.node}}
	case t.kind == contexts:
		return value{{kind: context, node: r.at(t.node, key)}}
	case t.kind == data && t.node.global != nil && key == "AsMap":
		return value{t}
	case t.kind == data:
		return value{{kind: data, node: r.at(t.node, key)}}
	case t.kind == mapping:
		return append(slices.Clip(t.below[key]), t.below[anywhere]...)
	}
	return unknown
}

// items is what stands below any key.
func (r *reader) items(v value) value {
	var all []value
	for _, t := range v {
		for _, key := range sortedKeys(t.below) {
			all = append(all, t.below[key])
		}
		if t.kind != mapping {
			r.hand(value{t})
			all = append(all, unknown)
		}
	}
	return r.either(all...)
}

// hand notes that something is handed on as a whole, so that all that stands in it is known.
func (r *reader) hand(v value) { r.visit(v, func(t thing) { t.node.open = true }) }

// lose notes that something is put where it is not seen any more. A context is known again when its values are asked for.
func (r *reader) lose(v value) {
	r.visit(v, func(t thing) { t.node.open = t.node.open || t.kind == data })
}

func (r *reader) visit(v value, see func(t thing)) {
	for _, t := range v {
		if r.left--; t.node != nil {
			see(t)
		}
		for _, below := range t.below {
			r.visit(below, see)
		}
	}
}

// keys are the texts that a value may be; ok is false where it may be anything else.
func (v value) keys() (keys []string, ok bool) {
	for _, t := range v {
		if t.kind != text {
			return nil, false
		}
		keys = append(keys, t.text)
	}
	return keys, len(v) > 0
}
