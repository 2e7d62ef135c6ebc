package linter

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Baseline is what was found in a repository once, and is not told again.
type Baseline struct {
	// File is what a person calls it.
	File    string
	Entries []BaselineEntry
}

// BaselineEntry is a finding of a baseline, with all that have the same fingerprint.
type BaselineEntry struct {
	Rule, Fingerprint string
	// About says in words what was found.
	About string
	// Count is how often, one or more.
	Count int
	Place manifest.Place
}

// baselineSchema is the version of the form that baselines have.
const baselineSchema = 1

// NewBaseline is the baseline of findings, sorted by rule and by what they are about.
func NewBaseline(file string, findings []Finding) Baseline {
	b := Baseline{File: file}
	at := map[string]int{}
	for _, told := range findings {
		for _, f := range told.Each() {
			fingerprint := f.Fingerprint()
			i, known := at[fingerprint]
			if !known {
				i, at[fingerprint] = len(b.Entries), len(b.Entries)
				b.Entries = append(b.Entries, BaselineEntry{Rule: f.Rule, Fingerprint: fingerprint, About: f.about()})
			}
			b.Entries[i].Count++
		}
	}
	slices.SortFunc(b.Entries, func(a, b BaselineEntry) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.About, b.About), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return b
}

// about says of which object a finding is, or of which file, and what was found.
func (f Finding) about() string { return cmp.Or(f.Subject(), f.Place.File) + ": " + f.Message }

// Write writes a baseline as ReadBaseline reads it, a finding a line, so that versions of it can be merged.
func (b Baseline) Write(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# What gitopsgen lint found once and does not tell again. gitopsgen lint --baseline=FILE --write-baseline writes it anew.\nschema: %d\nfindings:", baselineSchema)
	if len(b.Entries) == 0 {
		out.WriteString(" []")
	}
	for _, e := range b.Entries {
		fmt.Fprintf(&out, "\n  - {rule: %s, fingerprint: %q, count: %d, about: %s}", e.Rule, e.Fingerprint, e.Count, strconv.QuoteToASCII(e.About))
	}
	out.WriteString("\n")
	_, err := w.Write(out.Bytes())
	return err
}

// ReadBaseline reads a baseline; file is what errors call it. They begin with the place.
func ReadBaseline(file string, data []byte) (Baseline, error) {
	docs, problems := manifest.Documents(file, data)
	if len(problems) > 0 {
		return Baseline{}, fmt.Errorf("%s: %s", problems[0].Place, problems[0].Message)
	}
	if len(docs) != 1 {
		return Baseline{}, fmt.Errorf("%s:1:1: want one document with schema and findings", file)
	}
	r := baselineReader{file: file}
	schema := manifest.Field(docs[0], "schema")
	list := manifest.Field(docs[0], "findings")
	version := 0
	switch {
	case schema == nil || schema.Decode(&version) != nil:
		return Baseline{}, r.fail(docs[0], "it has no schema: want schema: %d", baselineSchema)
	case version != baselineSchema:
		return Baseline{}, r.fail(schema, "it has the schema %d, and this version reads %d: install the gitopsgen that wrote it, or write it anew", version, baselineSchema)
	case list == nil || list.Kind != yaml.SequenceNode:
		return Baseline{}, r.fail(docs[0], "it has no list of findings")
	}
	b := Baseline{File: file}
	for _, n := range list.Content {
		e, err := r.entry(n)
		if err != nil {
			return Baseline{}, err
		}
		b.Entries = append(b.Entries, e)
	}
	return b, nil
}

type baselineReader struct{ file string }

func (r baselineReader) fail(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %s", r.place(n), fmt.Sprintf(format, args...))
}

func (r baselineReader) place(n *yaml.Node) manifest.Place {
	return manifest.Place{File: r.file, Line: n.Line, Column: n.Column}
}

// entry reads one finding.
func (r baselineReader) entry(n *yaml.Node) (BaselineEntry, error) {
	e := BaselineEntry{Place: r.place(n)}
	if n.Kind != yaml.MappingNode {
		return e, r.fail(n, "want a finding with rule, fingerprint, count and about")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		into, known := map[string]any{"rule": &e.Rule, "fingerprint": &e.Fingerprint, "count": &e.Count, "about": &e.About}[key.Value]
		if !known {
			return e, r.fail(key, "unknown key %q: want rule, fingerprint, count or about", key.Value)
		}
		if err := value.Decode(into); err != nil {
			return e, r.fail(value, "%s: %q is no value for it", key.Value, value.Value)
		}
	}
	if e.Rule == "" || e.Fingerprint == "" || e.Count < 1 {
		return e, r.fail(n, "want a rule, a fingerprint and a count of one or more")
	}
	return e, nil
}

// known is what the baseline has, as it is looked up.
func (b *Baseline) known() Known {
	known := Known{}
	if b != nil {
		for _, e := range b.Entries {
			known[e.Fingerprint] += e.Count
		}
	}
	return known
}

// unmatched are the entries of which less is found than they say.
func (b *Baseline) unmatched(findings []Finding) []BaselineEntry {
	if b == nil {
		return nil
	}
	found := Know(findings)
	var less []BaselineEntry
	for _, e := range b.Entries {
		if found[e.Fingerprint] < e.Count {
			less = append(less, e)
		}
	}
	return less
}

// beyond are the entries of a baseline that another one does not have, or less often.
func (b Baseline) beyond(other Baseline) []BaselineEntry {
	known := other.known()
	return slices.DeleteFunc(slices.Clone(b.Entries), func(e BaselineEntry) bool { return e.Count <= known[e.Fingerprint] })
}
