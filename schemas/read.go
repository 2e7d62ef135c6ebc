package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// format is the version of the bundle's format.
const format = 3

// header is the first line of a bundle.
type header struct {
	Format int `json:"format"`
	// Kubernetes are the versions, oldest first; Modules what the bundle was made from.
	Kubernetes []string `json:"kubernetes"`
	Modules    []string `json:"modules"`
	// Metadata is the line of the metadata that all objects have.
	Metadata int `json:"metadata"`
	// Groups are those of Kubernetes' own kinds, sorted.
	Groups []string `json:"groups"`
	// Lifecycles are those of kinds of Kubernetes' own.
	Lifecycles []lifecycle `json:"lifecycles"`
}

// lifecycle is that of a kind.
type lifecycle struct {
	Kind Kind `json:"kind"`
	Lifecycle
}

// entry is a kind and its lines: one for any version of Kubernetes, or one for each, -1 where it has no such kind.
type entry struct {
	Kind
	Lines []int
}

// String writes an entry as a line of the index; readEntry reads it.
func (e entry) String() string {
	fields := []string{e.Group, e.Version, e.Kind.Kind, string(e.Scope)}
	for _, line := range e.Lines {
		fields = append(fields, strconv.Itoa(line))
	}
	return strings.Join(fields, "\t")
}

func readEntry(text string, versions int) (e entry, err error) {
	fields := strings.Split(text, "\t")
	if len(fields) != 5 && len(fields) != 4+versions {
		return e, fmt.Errorf("%d lines for %d versions of Kubernetes", len(fields)-4, versions)
	}
	e.Kind = Kind{Group: fields[0], Version: fields[1], Kind: fields[2], Scope: Scope(fields[3])}
	for _, field := range fields[4:] {
		line, err := strconv.Atoi(field)
		if err != nil {
			return e, err
		}
		e.Lines = append(e.Lines, line)
	}
	return e, nil
}

// contents are what is in a bundle.
type contents struct {
	header
	// Kinds are sorted by group, kind and version.
	Kinds []entry
	nodes
	numbers    map[[2]string]int       // of entries, by apiVersion and kind
	lifecycles map[[2]string]Lifecycle // likewise
}

func read(compressed []byte) (*contents, error) {
	raw, err := unpack(compressed)
	if err != nil {
		return nil, fmt.Errorf("schema bundle: %w", err)
	}
	first, rest, _ := bytes.Cut(raw, []byte("\n"))
	index, nodes, _ := bytes.Cut(rest, []byte("\n\n"))
	c := &contents{numbers: map[[2]string]int{}, lifecycles: map[[2]string]Lifecycle{}}
	if err := json.Unmarshal(first, &c.header); err != nil {
		return nil, fmt.Errorf("schema bundle: header: %w", err)
	}
	if c.Format != format {
		return nil, fmt.Errorf("schema bundle: format %d: want %d", c.Format, format)
	}
	for text := range strings.SplitSeq(string(index), "\n") {
		e, err := readEntry(text, len(c.Kubernetes))
		if err != nil {
			return nil, fmt.Errorf("schema bundle: %q: %w", text, err)
		}
		c.numbers[[2]string{e.APIVersion(), e.Kind.Kind}] = len(c.Kinds)
		c.Kinds = append(c.Kinds, e)
	}
	for _, l := range c.Lifecycles {
		c.lifecycles[[2]string{l.Kind.APIVersion(), l.Kind.Kind}] = l.Lifecycle
	}
	c.text = bytes.Split(bytes.TrimSuffix(nodes, []byte("\n")), []byte("\n"))
	c.parsed = make([]Node, len(c.text))
	return c, nil
}

func unpack(compressed []byte) ([]byte, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(compressed, nil)
}

// line gives the line of a kind in the version of Kubernetes with that index.
func (c *contents) line(apiVersion, kind string, version int) (int, bool) {
	i, ok := c.numbers[[2]string{apiVersion, kind}]
	if !ok {
		return 0, false
	}
	return c.Kinds[i].line(version)
}

// line gives the line in the version of Kubernetes with that index.
func (e entry) line(version int) (line int, found bool) {
	line = e.Lines[0]
	if len(e.Lines) > 1 {
		line = e.Lines[version]
	}
	return line, line >= 0
}

// gone is the version of Kubernetes that lacks a kind which the one before it has; empty where there is none.
func (c *contents) gone(apiVersion, kind string) string {
	before := false
	for i, version := range c.Kubernetes {
		_, has := c.line(apiVersion, kind, i)
		if before && !has {
			return version
		}
		before = has
	}
	return ""
}

// nodes are the lines of a bundle.
type nodes struct {
	text   [][]byte
	parsed []Node // nil where nobody asked yet
}

func (ns *nodes) append(n Node) int {
	ns.parsed = append(ns.parsed, n)
	return len(ns.parsed) - 1
}

// node gives the node on a line; nobody may change it.
func (ns *nodes) node(line int) (Node, error) {
	if line < 0 || line >= len(ns.parsed) {
		return nil, fmt.Errorf("node %d of %d", line, len(ns.parsed))
	}
	if n := ns.parsed[line]; n != nil {
		return n, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(ns.text[line]))
	decoder.UseNumber()
	var n Node
	if err := decoder.Decode(&n); err != nil {
		return nil, fmt.Errorf("node %d: %w", line, err)
	}
	ns.parsed[line] = n
	return n, nil
}

// tree gives the node on a line with all it refers to put in. It must not contain itself.
func (ns *nodes) tree(line int) (Node, error) {
	n, err := ns.node(line)
	if err != nil {
		return nil, err
	}
	var put func(n Node) Node
	put = func(n Node) Node {
		at, refErr := lineOf(n)
		if refErr == nil && at >= 0 {
			n, refErr = ns.node(at)
		}
		if refErr != nil {
			err = refErr
			return nil
		}
		return rebuild(n, func(_, _ string, child Node) Node { return put(child) })
	}
	return put(n), err
}
