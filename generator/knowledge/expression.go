package knowledge

import (
	"strings"
	"text/template/parse"
)

// arguments are what a function is given, with what each is written as; what is piped into it comes last, and is written as nothing.
type arguments struct {
	values  []value
	written []parse.Node
}

// command gives what one step of a pipeline comes to, into which something is piped or not.
func (f *frame) command(c *parse.CommandNode, dot, piped value, isPiped bool) value {
	var a arguments
	for _, one := range c.Args[1:] {
		a.values, a.written = append(a.values, f.operand(one, dot)), append(a.written, one)
	}
	if isPiped {
		a.values, a.written = append(a.values, piped), append(a.written, nil)
	}
	if name, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return f.function(name.Ident, a)
	}
	v := f.operand(c.Args[0], dot)
	if len(a.values) > 0 { // a method of something that Helm gives
		f.handAll(v)
		f.handAll(a.values...)
		return unknown
	}
	return v
}

// operand gives what stands in a step of a pipeline.
func (f *frame) operand(n parse.Node, dot value) value {
	if f.left--; f.left < 0 {
		f.openAll()
		return unknown
	}
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return f.fields(dot, n.Ident)
	case *parse.VariableNode:
		return f.fields(f.variable(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		return f.fields(f.operand(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return f.pipe(n, dot)
	case *parse.IdentifierNode:
		return f.function(n.Ident, arguments{})
	case *parse.StringNode:
		f.constant(n.Text)
		return texts(n.Text)
	case *parse.NumberNode:
		return texts(n.Text)
	}
	return unknown
}

func (f *frame) fields(v value, keys []string) value {
	for _, key := range keys {
		v = f.field(v, key)
	}
	return v
}

// constant reads a text that stands in a template and may become one itself.
func (f *frame) constant(text string) {
	switch {
	case !mayRead(text):
	case strings.Contains(text, "%"):
		f.openAll()
	case !f.done[text]:
		f.done[text] = true
		f.text(text)
	}
}

// handAll notes that values are handed on as a whole, unless nothing but a digest is left of them.
func (f *frame) handAll(all ...value) {
	for _, v := range all {
		if f.hashed == 0 {
			f.hand(v)
		}
	}
}
