package edit

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/splice"
)

var errInTheWay = errors.New("it cannot be taken away here without touching something else; edit the file")

// remove takes away what stands at a setting's path, with the comments directly above it, and proves that nothing else is gone.
func remove(text string, s Setting) (string, error) {
	path := s.Path
	root, err := parseYAML(text)
	if err != nil {
		return "", err
	}
	before, err := manifest.Value(root)
	if err != nil {
		return "", err
	}
	at, rest, err := descend(root, path)
	if err != nil {
		return "", err
	}
	want := without(before, path)
	if reflect.DeepEqual(before, want) {
		return text, nil
	}
	if len(rest) > 0 { // something merges it into its mapping
		return "", errInTheWay
	}
	in, _, _ := descend(root, path[:len(path)-1])
	edited := source{splice.New(text)}.remove(in, at)
	if root, err = parseYAML(edited); err == nil {
		after, err := manifest.Value(root)
		if err == nil && reflect.DeepEqual(after, want) {
			return edited, nil
		}
	}
	return "", errInTheWay
}

// without gives v without the value at path; v is not changed. The last item that goes leaves an empty list.
func without(v any, path manifest.Path) any {
	switch below := v.(type) {
	case []any:
		i, ok := path[0].(int)
		switch {
		case !ok || i >= len(below):
			return v
		case len(path) == 1:
			return slices.Delete(slices.Clone(below), i, i+1)
		}
		list := slices.Clone(below)
		list[i] = without(below[i], path[1:])
		return list
	case map[string]any:
		name, _ := path[0].(string)
		if _, ok := below[name]; !ok {
			return v
		}
		object := maps.Clone(below)
		if delete(object, name); len(path) > 1 {
			object[name] = without(below[name], path[1:])
		}
		return object
	}
	return v
}

// remove cuts an entry out of the collection that it is in.
func (s source) remove(in, at spot) string {
	n := in.node
	alone := len(n.Content) == 1 || n.Kind == yaml.MappingNode && len(n.Content) == 2
	begin := s.beginOf(n, at)
	switch {
	case splice.IsFlow(n):
		return s.removeFlow(n, at)
	case alone && (in.key == nil || !s.leads(begin)):
		return s.replace(in, empty(n))
	case alone:
		start, end := s.lines(in, begin, at)
		behind := s.ScalarEnd(in.key)
		behind += strings.IndexByte(s.String[behind:], ':') + 1
		return s.String[:behind] + " " + empty(n) + s.String[behind:start] + s.String[end:]
	case !s.leads(begin): // what follows comes up to the dash
		_, end := s.span(at)
		end = s.nextLine(end)
		end += len(s.String[end:]) - len(strings.TrimLeft(s.String[end:], " "))
		return s.Cut(begin, end, "")
	}
	start, end := s.lines(in, begin, at)
	return s.Cut(start, end, "")
}

// empty is a collection with nothing in it.
func empty(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return "[]"
	}
	return "{}"
}

// beginOf is where an entry of a collection begins: at its key or its dash.
func (s source) beginOf(in *yaml.Node, at spot) int {
	if at.key != nil {
		return s.Offset(at.key)
	}
	for line := at.node.Line; line >= in.Line; line-- {
		if begin := s.Offset(&yaml.Node{Line: line, Column: in.Column}); strings.HasPrefix(s.String[begin:], "-") {
			return begin
		}
	}
	return s.Offset(at.node)
}

// leads reports whether nothing but spaces stands before a place on its line.
func (s source) leads(at int) bool {
	return strings.Trim(s.String[s.Line(s.LineAt(at)):at], " ") == ""
}

// nextLine is where the next line begins.
func (s source) nextLine(at int) int { return s.Line(s.LineAt(at) + 1) }

// blank reports whether a line is empty; one that is not there is, too.
func (s source) blank(line int) bool {
	return line < 1 || strings.TrimSpace(s.String[s.Line(line):s.Line(line+1)]) == ""
}

// lines are those of an entry that begins a line, with the comments directly above it. The comments that a text begins with are
// about all of it. Of the empty lines around it those above stay.
func (s source) lines(in spot, begin int, at spot) (start, end int) {
	_, end = s.span(at)
	first, next := s.LineAt(begin), s.LineAt(end)+1
	indent := s.String[s.Line(first):begin]
	for above := first - 1; above > 0 && strings.HasPrefix(s.String[s.Line(above):], indent+"#"); above-- {
		first = above
	}
	if in.indent < 0 && begin == s.Offset(in.node) {
		first = s.LineAt(begin)
	}
	for s.blank(first-1) && s.Line(next) < len(s.String) && s.blank(next) {
		next++
	}
	for s.Line(next) == len(s.String) && first > 1 && s.blank(first-1) {
		first--
	}
	return s.Line(first), s.Line(next)
}

// removeFlow cuts an entry out from between brackets, with one of the commas around it.
func (s source) removeFlow(in *yaml.Node, at spot) string {
	start, previous := s.Offset(at.node), -1
	if at.key != nil {
		start = s.Offset(at.key)
	}
	_, end := s.span(at)
	for _, n := range in.Content {
		if n == at.key || n == at.node {
			break
		}
		_, previous = s.span(spot{node: n, flow: true})
	}
	after := strings.TrimLeft(s.String[end:], " \r\n")
	if strings.HasPrefix(after, ",") {
		end = len(s.String) - len(strings.TrimLeft(after[1:], " "))
	} else if previous >= 0 {
		comma := previous + strings.IndexByte(s.String[previous:], ',')
		return s.String[:comma] + strings.TrimRight(s.String[comma+1:start], " ") + s.String[end:]
	}
	return s.Cut(start, end, "")
}
