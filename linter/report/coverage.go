package report

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// files says in one line what the files are; nothing where that is not known.
func (r Report) files() []Remark {
	if r.Files == nil {
		return nil
	}
	text := wording.Count(len(r.Files), "file")
	if len(r.Files) > 0 {
		text += ": " + counted(r.Files)
	}
	if !r.ListFiles && coverage.Count(r.Files, coverage.Unreached) > 0 {
		text += "; --coverage lists them"
	}
	return []Remark{{"coverage", text}}
}

// nouns are what one file and several of a class are called.
var nouns = map[coverage.Class][2]string{
	coverage.Manifest: {"manifest", "manifests"}, coverage.Values: {"values file", "values files"},
	coverage.Kustomization: {"kustomization", "kustomizations"}, coverage.Chart: {"chart file", "chart files"}, coverage.Patch: {"patch", "patches"},
	coverage.Library: {"Jsonnet library", "Jsonnet libraries"}, coverage.Other: {"other", "others"},
	coverage.Unreached: {"reached by nothing", "reached by nothing"},
}

// counted says how many files are what.
func counted(files []coverage.File) string {
	var parts []string
	for _, as := range coverage.Classes {
		if n := coverage.Count(files, as); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, nouns[as][min(n-1, 1)]))
		}
	}
	return strings.Join(parts, ", ")
}

// listFiles writes the files by folder, each with what it is, why, and by what it is reached.
func (r Report) listFiles(b *strings.Builder) {
	in := map[string][]coverage.File{}
	for _, f := range r.Files {
		in[path.Dir(f.Path)] = append(in[path.Dir(f.Path)], f)
	}
	for _, dir := range slices.Sorted(maps.Keys(in)) {
		escape.Fprintf(b, "%s: %s\n", r.at(manifest.Place{File: dir}).File, counted(in[dir]))
		for _, f := range in[dir] {
			escape.Fprintf(b, "    %s: %s\n", path.Base(f.Path), what(f))
		}
	}
	b.WriteString("\n")
}

// what says what a file is.
func what(f coverage.File) string {
	text := string(f.As)
	if f.Reason != "" {
		text += ", " + f.Reason
	}
	if len(f.By) > 0 {
		text += ", by " + strings.Join(f.By, ", ")
	}
	if more := f.Readers - len(f.By); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// jsonCoverage says what the files of the repository are.
type jsonCoverage struct {
	Counts []jsonCount `json:"counts"`
	Files  []jsonFile  `json:"files"`
}

type jsonCount struct {
	As    coverage.Class `json:"as"`
	Files int            `json:"files"`
}

type jsonFile struct {
	Path   string         `json:"path"`
	As     coverage.Class `json:"as"`
	Reason string         `json:"reason,omitempty"`
	// By are the first of what reads it, Readers counts all.
	By      []string `json:"by"`
	Readers int      `json:"readers"`
}

// newJSONCoverage is nil where it is not known what the files are.
func newJSONCoverage(r Report) *jsonCoverage {
	if r.Files == nil {
		return nil
	}
	out := &jsonCoverage{Files: []jsonFile{}}
	for _, as := range coverage.Classes {
		out.Counts = append(out.Counts, jsonCount{as, coverage.Count(r.Files, as)})
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, jsonFile{r.at(manifest.Place{File: f.Path}).File, f.As, f.Reason, append([]string{}, f.By...), f.Readers})
	}
	return out
}
