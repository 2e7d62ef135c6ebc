package helm

import (
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// reads are the values that templates can read: those that they name, with all above and below them.
type reads struct {
	named [][]string
	// all says that they may read any.
	all bool
}

// readsOf are the values that the templates of a chart can read, and those that hold templates themselves.
func readsOf(c *chart.Chart, values any) *reads {
	r := &reads{}
	each(c, func(_ string, f *common.File) { r.text(string(f.Data)) })
	manifest.MapTexts(values, func(text string) string {
		if strings.Contains(text, opening) {
			r.text(text)
		}
		return text
	})
	return r
}

// value reports whether the value at a path can be read, or a part of it.
func (r *reads) value(path []string) bool {
	return r.all || slices.ContainsFunc(r.named, func(name []string) bool {
		n := min(len(path), len(name))
		return slices.Equal(path[:n], name[:n])
	})
}

func (r *reads) text(text string) {
	t := parse.New("")
	t.Mode = parse.SkipFuncCheck
	all := map[string]*parse.Tree{}
	if _, err := t.Parse(text, "", "", all); err != nil {
		r.all = true
		return
	}
	for _, one := range all {
		r.node(one.Root)
	}
}

// leading are the names of what leads to values: those of the chart, or of its subcharts, and files, which may be templates.
var leading = []string{valuesName, "Subcharts", "Files"}

const (
	valuesName = "Values"
	opening    = "{{"
)

// constant reads a text of a template: it may become a template, or name what leads to values.
func (r *reads) constant(text string) {
	if strings.Contains(text, opening) {
		r.text(text)
		return
	}
	r.all = r.all || slices.Contains(leading, text)
}

// node reads what a template does. That it takes all that it is given apart, whatever that is, does not happen.
func (r *reads) node(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		r.list(n)
	case *parse.ActionNode:
		r.node(n.Pipe)
	case *parse.IfNode:
		r.branch(&n.BranchNode)
	case *parse.RangeNode:
		r.branch(&n.BranchNode)
	case *parse.WithNode:
		r.branch(&n.BranchNode)
	case *parse.TemplateNode:
		r.pipe(n.Pipe)
	case *parse.PipeNode:
		r.pipe(n)
	case *parse.CommandNode:
		r.command(n)
	case *parse.ChainNode:
		r.node(n.Node)
		r.fields(n.Field)
	case *parse.FieldNode, *parse.VariableNode:
		r.fields(identifiers(n))
	case *parse.StringNode:
		r.constant(n.Text)
	}
}

func (r *reads) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		r.node(n)
	}
}

func (r *reads) branch(b *parse.BranchNode) {
	r.pipe(b.Pipe)
	r.list(b.List)
	r.list(b.ElseList)
}

func (r *reads) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		r.command(c)
	}
}

// command reads a call. A mapping that holds values by that name has them from a place that names them.
func (r *reads) command(c *parse.CommandNode) {
	var function string
	if called, ok := c.Args[0].(*parse.IdentifierNode); ok {
		function = called.Ident
	}
	for i, n := range c.Args {
		name := identifiers(n)
		key, _ := n.(*parse.StringNode)
		switch {
		case function == "dict" && i%2 == 1 && key != nil && key.Text == valuesName:
		case slices.Contains([]string{"get", "hasKey", "index"}, function) && i == 1 && name != nil:
			r.fields(slices.Concat(name, keys(c.Args[2:])))
		default:
			r.node(n)
		}
	}
}

// identifiers are the steps of a name: .Values.lamp.
func identifiers(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		return n.Ident
	case *parse.VariableNode:
		return n.Ident
	}
	return nil
}

// keys are the first of some arguments, as far as they are known.
func keys(args []parse.Node) (all []string) {
	for _, n := range args {
		key, ok := n.(*parse.StringNode)
		if !ok {
			break
		}
		all = append(all, key.Text)
	}
	return all
}

// fields reads what a name leads to.
func (r *reads) fields(name []string) {
	i := slices.IndexFunc(name, func(step string) bool { return slices.Contains(leading, step) })
	if i < 0 {
		return
	}
	below := name[i+1:]
	if name[i] != valuesName || len(below) == 0 {
		r.all = true
		return
	}
	// A method gives values as a whole: .Values.AsMap.
	if _, isMethod := reflect.TypeFor[common.Values]().MethodByName(below[0]); isMethod {
		r.all = true
	}
	r.named = append(r.named, below)
}
