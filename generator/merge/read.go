package merge

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// reader reads one text.
type reader struct {
	*source
	known known
	// scalars are where keys and values stand that no comment can be in.
	scalars [][2]int
}

// place is where a node stands.
type place struct {
	// indent is that of the collection that it is in.
	indent int
	// from is where the line begins that the first comment in it may be on.
	from int
	flow bool
}

func (r *reader) node(y *yaml.Node, p place) *node {
	n := &node{yaml: y, start: r.Offset(y), linked: y.Anchor != "" || y.Kind == yaml.AliasNode}
	switch y.Kind {
	case yaml.AliasNode:
		n.end = min(n.start+1+len(y.Value), len(r.String))
		r.scalars = append(r.scalars, [2]int{n.start, n.end})
	case yaml.ScalarNode:
		if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.end = r.LiteralEnd(y, p.indent)
			r.scalars = append(r.scalars, [2]int{min(r.after(n.start), n.end), n.end}) // a comment may stand on its first line
		} else {
			n.end = r.ScalarEnd(y)
			r.scalars = append(r.scalars, [2]int{n.start, n.end})
		}
	default:
		r.collection(n, p)
		return n
	}
	n.value, _ = manifest.Value(y)
	n.id = r.known.of(n.value)
	return n
}

// collection reads what is in a mapping or a list. Where its text is not as simple as most are, it stays a leaf.
func (r *reader) collection(n *node, p place) {
	y, end := n.yaml, n.start
	simple := !n.linked && y.Style&yaml.TaggedStyle == 0
	inside := place{indent: y.Column - 1, from: p.from, flow: p.flow || splice.IsFlow(y)}
	if splice.IsFlow(y) {
		end++
		simple = simple && strings.IndexByte("[{", r.String[n.start]) >= 0
	}
	step := 1
	if y.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i+step <= len(y.Content); i += step {
		e := &entry{flow: inside.flow, indent: inside.indent, item: step == 1}
		plain := r.begin(e, y.Content[i:i+step], end)
		simple = simple && plain
		e.value = r.node(y.Content[i+step-1], place{indent: inside.indent, from: r.after(e.behind), flow: inside.flow})
		n.linked = n.linked || e.value.linked
		end = max(end, e.value.end)
		n.entries = append(n.entries, e)
	}
	if n.end = end; splice.IsFlow(y) {
		closing := r.token(end)
		simple = simple && closing < len(r.String) && strings.IndexByte("]}", r.String[closing]) >= 0
		n.end = min(closing+1, len(r.String))
	}
	r.heads(n, inside)
	n.shape = list
	if step == 2 {
		n.shape = mapping
	}
	if !r.number(n) || !simple {
		n.shape, n.entries, n.linked = leaf, nil, true
	}
}

// begin finds where an entry begins, and reports whether it is written as most are; end is where the one before it ends.
func (r *reader) begin(e *entry, parts []*yaml.Node, end int) bool {
	if len(parts) == 1 {
		if e.at = r.Offset(parts[0]); !e.flow {
			e.at = r.token(end)
			e.behind = min(e.at+1, len(r.String))
			return strings.HasPrefix(r.String[e.at:], "-")
		}
		e.behind = e.at
		return true
	}
	key := parts[0]
	e.at = r.Offset(key)
	e.behind = r.ScalarEnd(key)
	name, err := manifest.Key(key)
	e.name = name
	r.scalars = append(r.scalars, [2]int{e.at, e.behind})
	rest := strings.TrimLeft(r.String[e.behind:], " ")
	colon := strings.HasPrefix(rest, ":")
	e.behind = min(len(r.String)-len(rest)+1, len(r.String))
	return colon && err == nil && key.Kind == yaml.ScalarNode && key.Anchor == "" && key.Style&(yaml.TaggedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && !manifest.IsMerge(key)
}

// token is where the next thing begins that is no space, comma or comment.
func (r *reader) token(at int) int {
	for at < len(r.String) {
		switch c := r.String[at]; {
		case c == '#' && at > 0:
			at = r.eol(at)
		case strings.IndexByte(" \t\r\n,", c) >= 0:
			at++
		default:
			return at
		}
	}
	return at
}

// heads finds the lines that belong to each entry of a block.
func (r *reader) heads(n *node, p place) {
	for i, e := range n.entries {
		if e.head, e.next = e.at, e.at; e.flow || !r.begins(e.at) {
			continue
		}
		e.lines, e.head = true, p.from
		if i > 0 {
			before := n.entries[i-1]
			e.head = r.foot(r.after(before.value.end), r.lineOf(e.at), p.indent)
			before.next = e.head
		}
		e.head = min(e.head, r.lineOf(e.at))
	}
	if last := len(n.entries) - 1; last >= 0 && !n.entries[last].flow {
		n.entries[last].next = r.foot(r.after(n.entries[last].value.end), len(r.String), p.indent)
	}
}

// foot is where comments end that are indented more than the entries are: they belong to what stands before them.
func (r *reader) foot(start, end, indent int) int {
	foot := start
	for at := start; at < end; at = r.after(at) {
		line := strings.TrimRight(r.String[at:r.after(at)], "\r\n")
		content := strings.TrimLeft(line, " ")
		if content != "" && len(line)-len(content) <= indent {
			break
		}
		if content != "" {
			foot = r.after(at)
		}
	}
	return foot
}

// number gives a collection its value and its number, and reports whether each key stands there once.
func (r *reader) number(n *node) bool {
	if n.shape == list {
		values, ids := make([]any, len(n.entries)), make([]int, len(n.entries))
		for i, e := range n.entries {
			values[i], ids[i] = e.value.value, e.value.id
		}
		n.value, n.id = values, r.known.id(fmt.Sprint("list", ids))
		return true
	}
	values, ids := make(map[string]any, len(n.entries)), make(map[string]int, len(n.entries))
	for i, e := range n.entries {
		if manifest.IsMerge(n.yaml.Content[2*i]) {
			n.value, _ = manifest.Value(n.yaml)
			n.id = r.known.of(n.value)
			return false
		}
		values[e.name], ids[e.name] = e.value.value, e.value.id
	}
	n.value, n.id = values, r.known.mapping(ids)
	return len(values) == len(n.entries)
}

// comments finds all that is one: what begins with a # where no key or value stands.
func (r *reader) comments() []comment {
	slices.SortFunc(r.scalars, func(a, b [2]int) int { return a[0] - b[0] })
	var found []comment
	at := 0
	for _, scalar := range append(r.scalars, [2]int{len(r.String), len(r.String)}) {
		for at < scalar[0] {
			i := strings.IndexByte(r.String[at:scalar[0]], '#')
			if i < 0 {
				break
			}
			start := at + i
			at = start + 1
			if start == 0 || strings.IndexByte(" \t\r\n", r.String[start-1]) >= 0 {
				at = r.eol(start)
				found = append(found, comment{start, at, strings.TrimSpace(r.String[start:at])})
			}
		}
		at = max(at, scalar[1])
	}
	return found
}
