package report

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// position is a line and a column, both counted from 1. The zero position is none.
type position struct{ line, column int }

// extents know where what findings are about ends. Each file is read once.
type extents struct {
	tree tree.Tree
	// known are those of places that were asked about before; nil asks the tree.
	known Ends
	read  map[string]extent
}

// extent is one file; text is nil where it cannot be told where anything ends.
type extent struct {
	text *splice.Text
	// nodes are those that begin at a position, the outermost first.
	nodes map[position][]*yaml.Node
}

func newExtents(r Report) extents { return extents{r.Tree, r.Ends, map[string]extent{}} }

// Ends say where in the files of a report what stands at some places ends: the key, and the value.
type Ends map[manifest.Place]End

// End is where a key ends and where a value does; zero where that is not to be told.
type End struct{ Key, Value manifest.Place }

// EndsOf gives the ends of what stands at places in a tree; what none is known of is left out.
func EndsOf(t tree.Tree, places []manifest.Place) Ends {
	all, e := Ends{}, newExtents(Report{Tree: t})
	for _, p := range places {
		value := e.end(linter.Finding{Place: p})
		key := e.end(linter.Finding{Place: p, Named: true})
		if key != value || value != (position{}) {
			all[p] = End{manifest.Place{Line: key.line, Column: key.column}, manifest.Place{Line: value.line, Column: value.column}}
		}
	}
	return all
}

// of is the end of what a finding is about.
func (e Ends) of(f linter.Finding) position {
	at := e[f.Place].Value
	if f.Named {
		at = e[f.Place].Key
	}
	return position{at.Line, at.Column}
}

// end is the position behind the key or the value that a finding is about. It is none where that is a mapping, a list or a text of
// several lines.
func (e extents) end(f linter.Finding) position {
	if e.known != nil {
		return e.known.of(f)
	}
	of, ok := e.read[f.Place.File]
	if !ok {
		of = e.file(f.Place.File)
		e.read[f.Place.File] = of
	}
	nodes := of.nodes[position{f.Place.Line, f.Place.Column}]
	if len(nodes) == 0 {
		return position{}
	}
	n := nodes[0]
	if f.Named {
		n = nodes[len(nodes)-1]
	}
	return of.endOf(n)
}

func (e extents) file(name string) (of extent) {
	f, ok := e.tree.File(name)
	if !ok || !utf8.Valid(f.Data) || strings.Contains(string(f.Data), "\ufeff") {
		return of
	}
	docs, problems := manifest.Documents(name, f.Data)
	if len(problems) > 0 {
		return of
	}
	of.text, of.nodes = splice.New(string(f.Data)), map[position][]*yaml.Node{}
	for _, doc := range docs {
		of.add(doc)
	}
	return of
}

func (of extent) add(n *yaml.Node) {
	at := position{n.Line, n.Column}
	of.nodes[at] = append(of.nodes[at], n)
	for _, child := range n.Content {
		of.add(child)
	}
}

// endOf is where a scalar ends on its line.
func (of extent) endOf(n *yaml.Node) position {
	if n.Kind != yaml.ScalarNode || n.Value == "" || n.Anchor != "" || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) != 0 {
		return position{}
	}
	begin, next := of.text.Offset(n), of.text.Line(n.Line+1)
	if begin >= next {
		return position{}
	}
	text, end := of.text.String[begin:next], begin+len(n.Value)
	switch quoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0; {
	case quoted && strings.ContainsAny(text[:1], `"'`):
		end = of.text.ScalarEnd(n)
	case quoted || !strings.HasPrefix(text, n.Value):
		return position{} // it goes on in further lines
	}
	if end > next {
		return position{}
	}
	return position{n.Line, n.Column + utf8.RuneCountInString(of.text.String[begin:end])}
}
