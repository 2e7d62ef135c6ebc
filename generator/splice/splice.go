// Package splice knows where the values of a YAML text begin and end, so that a text can be cut and what stays is as it was, byte for byte.
//
// The YAML library says where values begin, not where they end, and would write a whole file in its own style. Who cuts proves the
// result: reads it, and compares what it says with what it should.
package splice

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Text is YAML that is known to parse.
type Text struct {
	// String is the text itself.
	String string
	// lines are where lines begin.
	lines []int
	// line, column and at are of the node that was sought last: most are sought in the order in which they stand.
	line, column, at int
}

// New finds the lines of a text, which more than a line feed ends in YAML.
func New(text string) *Text {
	t := &Text{String: text, lines: []int{0}}
	for i, r := range text {
		switch {
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case r == '\n', r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
			t.lines = append(t.lines, i+utf8.RuneLen(r))
		}
	}
	return t
}

// Line gives where a line begins; lines count from 1. Behind the last one it is the text's end.
func (t *Text) Line(line int) int {
	if line > len(t.lines) {
		return len(t.String)
	}
	return t.lines[max(line, 1)-1]
}

// LineAt gives the number of the line that an offset is on.
func (t *Text) LineAt(at int) int {
	line, found := slices.BinarySearch(t.lines, at)
	if found {
		line++
	}
	return line
}

// Offset is where a node begins.
func (t *Text) Offset(n *yaml.Node) int {
	if n.Line != t.line || n.Column < t.column {
		t.line, t.column, t.at = n.Line, 1, t.Line(n.Line)
	}
	for ; t.column < n.Column; t.column++ {
		_, size := utf8.DecodeRuneInString(t.String[t.at:])
		t.at += size
	}
	return t.at
}

// Cut puts text in place of what stands from start to end.
func (t *Text) Cut(start, end int, text string) string {
	if strings.Contains(t.String, "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return t.String[:start] + text + t.String[end:]
}

// ScalarEnd is where a scalar ends that stands in quotes or in none.
func (t *Text) ScalarEnd(n *yaml.Node) int {
	s, at := t.String, t.Offset(n)
	for at < len(s) && (s[at] == '&' || s[at] == '!') { // an anchor or a tag
		for at < len(s) && strings.IndexByte(" \t\r\n", s[at]) < 0 {
			at++
		}
		for at < len(s) && s[at] == ' ' {
			at++
		}
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return t.quoteEnd(at)
	}
	for _, r := range n.Value { // which may be folded over several lines
		if unicode.IsSpace(r) {
			continue
		}
		at += len(s[at:]) - len(strings.TrimLeftFunc(s[at:], unicode.IsSpace))
		at = min(at+utf8.RuneLen(r), len(s))
	}
	return at
}

// quoteEnd is where the quotes end that begin at the offset at.
func (t *Text) quoteEnd(at int) int {
	s, quote := t.String, t.String[at]
	for at++; at < len(s); at++ {
		switch {
		case s[at] == '\\' && quote == '"', s[at] == quote && quote == '\'' && strings.HasPrefix(s[at+1:], "'"):
			at++
		case s[at] == quote:
			return at + 1
		}
	}
	return len(s)
}

// FlowEnd is where the collection with brackets ends that begins at the offset at; last is where its last entry does.
func (t *Text) FlowEnd(at int) (last, end int) {
	s, depth := t.String, 0
	for at < len(s) {
		c := s[at]
		switch {
		case (c == '"' || c == '\'') && strings.IndexByte("[{,:", s[last-1]) >= 0:
			at = t.quoteEnd(at)
			last = at
			continue
		case c == '#' && unicode.IsSpace(rune(s[at-1])):
			if ends := strings.IndexByte(s[at:], '\n'); ends >= 0 {
				at += ends
				continue
			}
			return last, len(s)
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return last, at + 1
			}
		}
		at++
		if !unicode.IsSpace(rune(c)) {
			last = at
		}
	}
	return last, at
}

// LiteralEnd is where a scalar ends that has lines of its own, below the indent of the collection that it is in.
func (t *Text) LiteralEnd(n *yaml.Node, indent int) int {
	begin := t.Offset(n)
	end := begin + len(strings.TrimRight(t.String[begin:t.Line(n.Line+1)], "\r\n"))
	header, _, _ := strings.Cut(t.String[begin:end], " #")
	least := indent + 1
	for i := n.Line + 1; i <= len(t.lines); i++ {
		text := strings.TrimRight(t.String[t.Line(i):t.Line(i+1)], "\r\n")
		is := len(text) - len(strings.TrimLeft(text, " "))
		switch {
		case is == len(text):
			if strings.Contains(header, "+") {
				end = t.Line(i) + len(text)
			}
			continue
		case is < least:
			return end
		case least == indent+1 && !strings.ContainsAny(header, "123456789"):
			least = is
		}
		end = t.Line(i) + len(text)
	}
	return end
}

// BlockEnd is where the last line ends of what begins on a line with an indent. Comments that are indented less, and empty
// lines, belong to what follows.
func (t *Text) BlockEnd(line, indent int, kind yaml.Kind) int {
	end := t.Line(line)
	for i := line; i <= len(t.lines); i++ {
		text := strings.TrimRight(t.String[t.Line(i):t.Line(i+1)], "\r\n")
		content := strings.TrimLeft(text, " ")
		is := len(text) - len(content)
		switch {
		case i > line && content == "":
			continue
		case i == line, is > indent:
		case is == 0 && (strings.HasPrefix(content, "---") || strings.HasPrefix(content, "...")):
			return end
		case is == indent && kind == yaml.MappingNode:
		case is == indent && kind == yaml.SequenceNode && strings.HasPrefix(content+" ", "- "):
		case strings.HasPrefix(content, "#"):
			continue
		default:
			return end
		}
		end = t.Line(i) + len(text)
	}
	return end
}
