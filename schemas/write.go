package schemas

import (
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
	h := header{Format: format, Kubernetes: []string{}, Modules: r.Modules, Kinds: []entry{}, Groups: groupsOf(entries), Lifecycles: []lifecycle{}}
	versions, err := versionsOf(entries)
	if err != nil {
		return err
	}
	h.Kubernetes = append(h.Kubernetes, versions...)
	p := newPool()
	numbers := make([]int, len(entries))
	for i, e := range entries {
		numbers[i] = p.add(trimRoot(e.Node))
	}
	h.Metadata = p.line(p.add(r.Metadata))
	for _, k := range slices.SortedFunc(maps.Keys(r.Lifecycles), compareKinds) {
		h.Lifecycles = append(h.Lifecycles, lifecycle{k, r.Lifecycles[k]})
	}
	for i, e := range entries {
		if err := h.add(e, p.line(numbers[i])); err != nil {
			return err
		}
	}
	if p.err != nil {
		return p.err
	}
	return writeLines(w, h, p.lines.parsed)
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

// add puts the line of e into the header; entries come sorted.
func (h *header) add(e Entry, line int) error {
	last := len(h.Kinds) - 1
	if last < 0 || h.Kinds[last].APIVersion() != e.APIVersion() || h.Kinds[last].Kind.Kind != e.Kind.Kind {
		lines := []int{-1}
		if e.Kubernetes != "" {
			lines = slices.Repeat(lines, len(h.Kubernetes))
		}
		h.Kinds = append(h.Kinds, entry{Kind: e.Kind, Lines: lines})
		last++
	}
	at := max(0, slices.Index(h.Kubernetes, e.Kubernetes))
	lines := h.Kinds[last].Lines
	if at >= len(lines) || lines[at] >= 0 {
		return fmt.Errorf("kind %s %s is there twice", e.APIVersion(), e.Kind.Kind)
	}
	lines[at] = line
	return nil
}

func writeLines(w io.Writer, h header, lines []Node) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(z)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(h); err != nil {
		return err
	}
	for _, n := range lines {
		if err := encoder.Encode(n); err != nil {
			return err
		}
	}
	return z.Close()
}
