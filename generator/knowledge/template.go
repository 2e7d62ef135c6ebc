package knowledge

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

// reader reads the templates of a chart and its subcharts: it goes through each branch once, with what is known of the values
// there.
type reader struct {
	*valuesTree
	// bodies are the files among the templates, and templates all by their names, of which names are those of the others. Texts may be templates, too, and so may files
	// where templates read any.
	bodies       []template
	templates    map[string][]template
	names        []string
	texts, files []string
	readsFiles   bool
	// done are the templates that were read, with what they were given.
	done      map[string]bool
	functions map[string]func(f *frame, a arguments) value
	// left is how many steps may still be made.
	left int
}

// template is one template, and the node of its chart.
type template struct {
	// id is what it is known by; zero is one that is read once.
	id    int
	name  string
	root  *parse.ListNode
	chart *node
}

const (
	// maxSteps bounds reading. The largest charts there are take more than 100,000.
	maxSteps = 1_000_000
	// maxCalls is how many templates may include each other.
	maxCalls = 100
	// maxNested is how many blocks may stand in each other.
	maxNested = 1_000
	// maxText is how long a text may be that is read as a template.
	maxText = 1 << 18
	// opening begins an action of a template.
	opening = "{{"
	// basePath stands for the folder of a chart's templates: what is included from there is a file, which is read by itself.
	basePath = "\x00templates"
)

// parse adds the templates in a file of a chart.
func (r *reader) parse(n *node, name, text string) {
	trees, err := parsed(name, text)
	if err != nil { // then Helm renders nothing of it either
		n.open = true
		return
	}
	for _, called := range sortedKeys(trees) {
		r.nodes++
		t := template{r.nodes, called, trees[called].Root, n}
		if called == name {
			r.bodies = append(r.bodies, t)
		} else if len(r.templates[called]) == 0 {
			r.names = append(r.names, called)
		}
		r.templates[called] = append(r.templates[called], t)
	}
}

func parsed(name, text string) (map[string]*parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	t := parse.New(name)
	t.Mode = parse.SkipFuncCheck
	_, err := t.Parse(text, "", "", trees)
	return trees, err
}

// mention finds the values that a text names which is no template, and the mention of all of them.
var mention = regexp.MustCompile(`Values((?:\.[A-Za-z0-9_]+)*)`)

var errLong = errors.New("too long")

// text reads a text that something may make a template of, for whatever chart.
func (r *reader) text(text string) {
	if !mayRead(text) {
		return
	}
	trees, err := map[string]*parse.Tree(nil), errLong
	if len(text) <= maxText {
		trees, err = parsed("", text)
	}
	if err == nil {
		for _, name := range sortedKeys(trees) {
			r.run(template{root: trees[name].Root}, unknown)
		}
		return
	}
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		for _, n := range r.charts {
			if m[1] != "" {
				n = r.at(n, strings.Split(m[1][1:], ".")...)
			}
			n.open = true
		}
	}
}

// call reads the templates of a name with what they are given.
func (r *reader) call(f *frame, name string, dot value) {
	for _, t := range r.templates[name] {
		r.within(t, dot, f.depth+1)
	}
	if len(r.templates[name]) == 0 {
		r.lose(dot)
	}
}

// run reads a template with what it is given.
func (r *reader) run(t template, dot value) { r.within(t, dot, 0) }

func (r *reader) within(t template, dot value, depth int) {
	if depth > maxCalls || r.left < 0 {
		r.openAll()
		return
	}
	if t.root == nil {
		return
	}
	if t.id > 0 {
		key := fmt.Sprint(t.id, dot.id())
		if r.done[key] {
			return
		}
		r.done[key] = true
	}
	f := &frame{reader: r, variables: []variable{{"$", dot}}, depth: depth}
	f.list(t.root, dot)
}

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
