package schemas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// Entry is a kind with its node.
type Entry struct {
	Kind
	Node Node
	// Kubernetes is the version of Kubernetes (major.minor) whose own kind this is; empty for kinds that do not
	// depend on it.
	Kubernetes string
}

// Recipe is what a bundle is made of.
type Recipe struct {
	// Modules are the modules that the entries come from, as module@version.
	Modules []string
	// Metadata is the node of the metadata that all objects have.
	Metadata Node
	// Entries are the kinds, in any order.
	Entries []Entry
	// Lifecycles are those of Kubernetes' own kinds that are or will be gone, the Entries or others.
	Lifecycles map[Kind]Lifecycle
}

// Write writes a bundle, the same bytes for the same recipe. A kind given twice is an error.
func Write(w io.Writer, r Recipe) error {
	entries := slices.Clone(r.Entries)
	slices.SortStableFunc(entries, compareEntries)
	c := contents{header: header{Format: format, Modules: r.Modules, Groups: groupsOf(entries)}}
	versions, err := versionsOf(entries)
	if err != nil {
		return err
	}
	c.Kubernetes = versions
	p := newPool()
	numbers := make([]int, len(entries))
	for i, e := range entries {
		numbers[i] = p.add(trimRoot(e.Node))
	}
	c.Metadata = p.line(p.add(r.Metadata))
	for _, k := range slices.SortedFunc(maps.Keys(r.Lifecycles), compareKinds) {
		c.Lifecycles = append(c.Lifecycles, lifecycle{k, r.Lifecycles[k]})
	}
	for i, e := range entries {
		if err := c.add(e, p.line(numbers[i])); err != nil {
			return err
		}
	}
	if p.err != nil {
		return p.err
	}
	c.nodes = p.lines
	return c.write(w)
}

func compareEntries(a, b Entry) int {
	return cmp.Or(compareKinds(a.Kind, b.Kind), cmp.Compare(a.Kubernetes, b.Kubernetes))
}

func compareKinds(a, b Kind) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Version, b.Version))
}

// groupsOf lists the groups of Kubernetes' own kinds.
func groupsOf(entries []Entry) []string {
	groups := []string{}
	for _, e := range entries {
		if e.Kubernetes != "" {
			groups = append(groups, e.Group)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// versionsOf lists the versions of Kubernetes, oldest first.
func versionsOf(entries []Entry) ([]string, error) {
	var versions []string
	for _, e := range entries {
		if e.Kubernetes == "" || slices.Contains(versions, e.Kubernetes) {
			continue
		}
		if _, err := parseVersion(e.Kubernetes); err != nil {
			return nil, err
		}
		versions = append(versions, e.Kubernetes)
	}
	slices.SortFunc(versions, func(a, b string) int {
		x, _ := parseVersion(a)
		y, _ := parseVersion(b)
		return slices.Compare(x[:], y[:])
	})
	return versions, nil
}

// add puts the line of e into the index; entries come sorted.
func (c *contents) add(e Entry, line int) error {
	last := len(c.Kinds) - 1
	if last < 0 || c.Kinds[last].APIVersion() != e.APIVersion() || c.Kinds[last].Kind.Kind != e.Kind.Kind {
		lines := []int{-1}
		if e.Kubernetes != "" {
			lines = slices.Repeat(lines, len(c.Kubernetes))
		}
		c.Kinds = append(c.Kinds, entry{Kind: e.Kind, Lines: lines})
		last++
	}
	at := max(0, slices.Index(c.Kubernetes, e.Kubernetes))
	lines := c.Kinds[last].Lines
	if at >= len(lines) || lines[at] >= 0 {
		return fmt.Errorf("kind %s %s is there twice", e.APIVersion(), e.Kind.Kind)
	}
	lines[at] = line
	return nil
}

// write writes the header, the index up to an empty line, and the nodes, each on a line of its own.
func (c *contents) write(w io.Writer) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(c.header); err != nil {
		return err
	}
	for _, e := range c.Kinds {
		fmt.Fprintln(&text, e)
	}
	text.WriteByte('\n')
	for _, n := range c.parsed {
		if err := encoder.Encode(n); err != nil {
			return err
		}
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	_, err = w.Write(z.EncodeAll(text.Bytes(), nil)) // which says how long the text is: it is unpacked in one piece
	return err
}
