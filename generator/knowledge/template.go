package knowledge

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template/parse"
)

// reader reads the templates of a chart and its subcharts: it goes through each branch once, with what is known of the values
// there.
type reader struct {
	*valuesTree
	// bodies are the files among the templates, and names those of the others. Texts may be templates, too, and so may files where
	// templates read any.
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
		r.hand(dot)
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
