package merge

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
)

// source is one state of a file, with what stands where.
type source struct {
	*splice.Text
	// documents is a node of the shape stream: its entries are the documents.
	documents *node
	comments  []comment
}

// node is a value in a text.
type node struct {
	yaml  *yaml.Node
	value any
	// id is the same for all that is equal, in all states.
	id    int
	shape shape
	// linked says that an anchor or an alias is in it.
	linked bool
	// start and end are where it stands; what follows on its last line is not in it.
	start, end int
	entries    []*entry
}

type shape int

const (
	// leaf is a scalar, and all else that is changed as a whole or not at all.
	leaf shape = iota
	mapping
	list
	stream
)

// entry is what a collection holds: a key with its value, an item, or a document.
type entry struct {
	// name is its key, or what tells an item from others.
	name  string
	value *node
	// at is where its key, its dash or the item begins; indent is the column, counted from 0.
	at, indent int
	// behind is where its colon or dash ends.
	behind int
	// head is where the comments above it begin, and next where its last line, with comments that belong to it, ends. Both are
	// at alone where it does not begin a line.
	head, next int
	// flow says that it stands between brackets, lines that it has lines of its own, item that it has no key.
	flow, lines, item bool
}

// root is the indent of documents.
const root = -2

// comment is one comment, without the space around it.
type comment struct {
	start, end int
	text       string
}

// known numbers values: equal ones alike.
type known map[string]int

func (k known) id(text string) int {
	id, ok := k[text]
	if !ok {
		id = len(k)
		k[text] = id
	}
	return id
}

// of numbers a JSON-shaped value.
func (k known) of(v any) int {
	switch v := v.(type) {
	case map[string]any:
		ids := make(map[string]int, len(v))
		for name, x := range v {
			ids[name] = k.of(x)
		}
		return k.mapping(ids)
	case []any:
		ids := make([]int, len(v))
		for i, x := range v {
			ids[i] = k.of(x)
		}
		return k.id(fmt.Sprint("list", ids))
	case string:
		return k.id("text " + v)
	}
	return k.id(fmt.Sprintf("%T %v", v, v))
}

func (k known) mapping(ids map[string]int) int {
	text := []byte("map")
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		text = strconv.AppendQuote(text, name)
		text = strconv.AppendInt(text, int64(ids[name]), 10)
	}
	return k.id(string(text))
}

// read finds out what stands where in a text.
func (k known) read(file string, data []byte) (*source, *manifest.Problem) {
	docs, problems := manifest.Documents(file, data)
	for _, p := range problems {
		if !p.DuplicateKey {
			return nil, &p
		}
	}
	s := &source{Text: splice.New(string(data)), documents: &node{shape: stream}}
	r := reader{source: s, known: k}
	separators := append(s.separators(), len(s.String))
	for _, doc := range docs {
		if _, err := manifest.Value(doc); err != nil { // what reads it below needs no bounds any more
			return nil, &manifest.Problem{Place: manifest.Place{File: file, Line: doc.Line, Column: doc.Column}, Message: err.Error()}
		}
		e, from := &entry{indent: root, lines: true}, 0
		for separators[0] <= s.Line(doc.Line) && len(separators) > 1 {
			from = s.after(separators[0])
			if len(s.documents.entries) > 0 {
				e.head = separators[0]
			}
			separators = separators[1:]
		}
		e.next = separators[0]
		e.value = r.node(doc, place{indent: -1, from: from})
		e.value.end = min(e.value.end, e.next)
		e.at, e.behind = e.value.start, e.value.start
		s.documents.entries = append(s.documents.entries, e)
	}
	s.comments = r.comments()
	return s, nil
}

// separators are where the lines begin that set documents apart.
func (s *source) separators() []int {
	var found []int
	at := 0
	for line := range strings.Lines(s.String) {
		if rest, ok := strings.CutPrefix(line, "---"); ok && (rest == "" || strings.IndexByte(" \t\r\n", rest[0]) >= 0) {
			found = append(found, at)
		}
		at += len(line)
	}
	return found
}

// after is where the next line begins.
func (s *source) after(at int) int {
	if i := strings.IndexByte(s.String[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(s.String)
}

// lineOf is where the line begins that a place is on.
func (s *source) lineOf(at int) int {
	return strings.LastIndexByte(s.String[:at], '\n') + 1
}

// eol is where the line ends that a place is on, without its line end.
func (s *source) eol(at int) int {
	if i := strings.IndexAny(s.String[at:], "\r\n"); i >= 0 {
		return at + i
	}
	return len(s.String)
}

// within gives the comments between two places.
func (s *source) within(start, end int) []comment {
	from, _ := slices.BinarySearchFunc(s.comments, start, func(c comment, at int) int { return c.start - at })
	to, _ := slices.BinarySearchFunc(s.comments, end, func(c comment, at int) int { return c.start - at })
	return s.comments[from:max(from, to)]
}

// begins reports whether nothing but spaces stands before a place on its line.
func (s *source) begins(at int) bool {
	return strings.Trim(s.String[s.lineOf(at):at], " ") == ""
}
