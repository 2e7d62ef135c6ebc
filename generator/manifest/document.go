package manifest

import (
	"sync"
	"weak"

	"gopkg.in/yaml.v3"
)

// Document is a document of a file, or a part of one, as it stands there. Its nodes take ten times the memory of their text: they
// are read again when they are asked for and a collection of garbage took them.
type Document struct {
	// Line and Column are where it begins.
	Line, Column int
	of           *text
	n            int
	part         Path
}

// Node gives the nodes. Nobody may change them.
func (d *Document) Node() *yaml.Node { return Field(d.of.documents()[d.n], d.part...) }

// At is the part of a document that stands at path; nil where nothing does, and of nil.
func (d *Document) At(path ...any) *Document {
	if d == nil {
		return nil
	}
	n := Field(d.Node(), path...)
	if n == nil {
		return nil
	}
	return &Document{n.Line, n.Column, d.of, d.n, d.part.With(path...)}
}

// Held is a document of nodes that something else holds.
func Held(n *yaml.Node) *Document { return newDocument(&text{held: []*yaml.Node{n}}, 0, n) }

func newDocument(of *text, i int, n *yaml.Node) *Document {
	return &Document{Line: n.Line, Column: n.Column, of: of, n: i}
}

// ReadDocuments reads the documents of a YAML stream as Documents does.
func ReadDocuments(file string, data []byte) ([]*Document, []Problem) {
	nodes, problems := Documents(file, data)
	of, docs := newText(data, nodes), make([]*Document, len(nodes))
	for i, n := range nodes {
		docs[i] = newDocument(of, i, n)
	}
	return docs, problems
}

// text is YAML with the nodes that were last read of it.
type text struct {
	data []byte
	// held are the nodes where data does not hold them.
	held []*yaml.Node
	// move gives a node another place than it has in data; nil has none moved.
	move func(*yaml.Node)

	mu   sync.Mutex
	last weak.Pointer[[]*yaml.Node]
}

func newText(data []byte, nodes []*yaml.Node) *text {
	return &text{data: data, last: weak.Make(&nodes)}
}

func (t *text) documents() []*yaml.Node {
	if t.held != nil {
		return t.held
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := t.last.Value(); last != nil {
		return *last
	}
	docs, _ := Documents("", t.data)
	if t.move != nil {
		for _, doc := range docs {
			each(doc, t.move)
		}
	}
	t.last = weak.Make(&docs)
	return docs
}

// each calls f with a node and all below it.
func each(n *yaml.Node, f func(*yaml.Node)) {
	f(n)
	for _, below := range n.Content {
		each(below, f)
	}
}
