package knowledge

import (
	"maps"
	"slices"
	"text/template/parse"
)

// frame is one template while it is read.
type frame struct {
	*reader
	// variables are those that may be seen, the innermost last.
	variables []variable
	depth     int
	// hashed says that what is handed on now ends as a digest, which says nothing of what is in it.
	hashed int
	// nested is how many blocks stand around what is read.
	nested int
}

type variable struct {
	name string
	value
}

// again reads what may be run again: what a variable is given at its end counts at its beginning.
func (f *frame) again(n *parse.ListNode, dot value) {
	before := f.sum()
	f.list(n, dot)
	if f.sum() != before {
		f.list(n, dot)
	}
}

func (f *frame) sum() (n int) {
	for _, v := range f.variables {
		n += len(v.value)
	}
	return n
}

func (f *frame) list(n *parse.ListNode, dot value) {
	if n == nil {
		return
	}
	seen := len(f.variables)
	f.nested++
	for _, one := range n.Nodes {
		if f.left--; f.left < 0 || f.nested > maxNested {
			f.openAll()
			break
		}
		f.node(one, dot)
	}
	f.nested--
	f.variables = f.variables[:seen]
}

func (f *frame) node(n parse.Node, dot value) {
	seen := len(f.variables)
	switch n := n.(type) {
	case *parse.ActionNode:
		if v := f.pipe(n.Pipe, dot); len(n.Pipe.Decl) == 0 {
			f.hand(v)
		}
		return // what it declares is seen by what follows
	case *parse.IfNode:
		f.pipe(n.Pipe, dot)
		f.list(n.List, dot)
		f.list(n.ElseList, dot)
	case *parse.WithNode:
		f.list(n.List, f.pipe(n.Pipe, dot))
		f.list(n.ElseList, dot)
	case *parse.RangeNode:
		f.rangeOver(n, dot)
	case *parse.TemplateNode:
		f.call(f, n.Name, f.pipe(n.Pipe, dot))
	}
	f.variables = f.variables[:seen]
}

func (f *frame) rangeOver(n *parse.RangeNode, dot value) {
	over := f.commands(n.Pipe, dot)
	item := f.items(over)
	for i, name := range n.Pipe.Decl {
		given := item
		if i == 0 && len(n.Pipe.Decl) == 2 {
			given = keysOf(over)
		}
		f.declare(n.Pipe, name, given)
	}
	f.again(n.List, item)
	f.list(n.ElseList, dot)
}

// keysOf are the keys of what is ranged over, where all are known.
func keysOf(over value) (keys value) {
	for _, t := range over {
		if _, some := t.below[anywhere]; t.kind != mapping || some {
			return unknown
		}
		for _, key := range sortedKeys(t.below) {
			keys = append(keys, texts(key)...)
		}
	}
	return keys
}

// declare gives a variable a value. One that had another may still have that: nobody knows whether what changes it is run.
func (f *frame) declare(p *parse.PipeNode, name *parse.VariableNode, v value) {
	if !p.IsAssign {
		f.variables = append(f.variables, variable{name.Ident[0], v})
		return
	}
	for i := range slices.Backward(f.variables) {
		if known := &f.variables[i]; known.name == name.Ident[0] {
			known.value = f.either(known.value, v)
			return
		}
	}
}

// variable is the value of a variable.
func (f *frame) variable(name string) value {
	for _, known := range slices.Backward(f.variables) {
		if known.name == name {
			return known.value
		}
	}
	return unknown
}

// pipe gives what a pipeline comes to.
func (f *frame) pipe(p *parse.PipeNode, dot value) value {
	if p == nil {
		return unknown
	}
	v := f.commands(p, dot)
	for _, name := range p.Decl {
		f.declare(p, name, v)
	}
	return v
}

// digests are the functions of whose arguments nothing is left.
var digests = []string{"sha256sum", "sha1sum", "sha512sum", "adler32sum"}

func (f *frame) commands(p *parse.PipeNode, dot value) (v value) {
	isDigest := func(c *parse.CommandNode) bool {
		name, ok := c.Args[0].(*parse.IdentifierNode)
		return ok && slices.Contains(digests, name.Ident)
	}
	hashed := slices.ContainsFunc(p.Cmds, isDigest)
	for i, c := range p.Cmds {
		if hashed && i == 0 {
			f.hashed++
		}
		v = f.command(c, dot, v, i > 0)
		if hashed && isDigest(c) {
			f.hashed, hashed = f.hashed-1, false
		}
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
