// Package coverage says of every file of a repository that Argo CD could read what it is to it, and what read it, so that no file
// vanishes.
//
// It knows what was read, and nothing of what is right.
package coverage

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
)

// Class is what a file is.
type Class string

// The classes. Values are what charts are told, and Other has a reason.
const (
	Manifest      Class = "manifest"
	Values        Class = "values"
	Kustomization Class = "kustomization"
	Chart         Class = "chart file"
	Patch         Class = "patch"
	Library       Class = "Jsonnet library"
	Other         Class = "other"
	Unreached     Class = "reached by nothing"
)

// Classes are all of them, in the order in which they are counted.
var Classes = []Class{Manifest, Values, Kustomization, Chart, Patch, Library, Other, Unreached}

// File is a file with what it is.
type File struct {
	Path string
	As   Class
	// Reason says what an Other file is, and why nothing reaches one; of others it may be empty.
	Reason string
	// By are the first of what reads it, and Readers counts them all.
	By      []string
	Readers int
}

// mostNamed is how many readers of a file are named.
const mostNamed = 5

// Reader is what reads files: an Application, or a root that none reaches.
type Reader struct {
	// Name is what people call it; empty is that of a manifest or a chart that is judged by itself.
	Name string
	Kind build.UnitKind
	// Files were read, and Dirs are named, rendered or not.
	Files, Dirs []string
}

// Of gives all files of a repository that are YAML, JSON, Jsonnet or a chart's, by path. Settings are those by which it is judged.
func Of(r *build.Repository, readers []Reader, settings ...string) []File {
	s := newSurvey(r, readers, settings)
	var all []File
	for _, f := range r.Tree.Files() {
		if s.counts(f.Path) {
			all = append(all, s.file(f.Path))
		}
	}
	for _, u := range r.Tree.Unread() {
		if !u.Folder && s.counts(u.Path) {
			all = append(all, File{Path: u.Path, As: Other, Reason: "not read: " + u.Reason})
		}
	}
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// Count counts the files of a class.
func Count(files []File, as Class) int {
	n := 0
	for _, f := range files {
		if f.As == as {
			n++
		}
	}
	return n
}

// counts reports whether a file is one that Argo CD could read.
func (s *survey) counts(p string) bool {
	chart, _ := s.repository.Owner(p)
	return chart != "" || kustomization.IsFile(p) || slices.Contains([]string{".yaml", ".yml", ".json", ".jsonnet", ".libsonnet"}, path.Ext(p))
}

// file says what a file is.
func (s *survey) file(p string) File {
	f := File{Path: p}
	chart, tool := s.repository.Owner(p)
	by := s.by[p]
	if chart != "" {
		by = slices.Concat(by, s.charts[chart])
	}
	for _, reader := range by {
		if reader.Name != "" {
			f.By = append(f.By, reader.Name)
		}
	}
	f.As, f.Reason = s.class(p, chart, tool, by)
	slices.Sort(f.By)
	f.By = slices.Compact(f.By)
	f.Readers = len(f.By)
	f.By = f.By[:min(len(f.By), mostNamed)]
	return f
}

// class says what a file is that is part of a chart, kept for a tool, or neither, and read by some.
func (s *survey) class(p, chart, tool string, by []Reader) (as Class, reason string) {
	switch {
	case kustomization.IsFile(p) && len(s.by[p]) > 0:
		return Kustomization, ""
	case chart != "" && len(by) == 0 && s.loose[chart] != "":
		return Unreached, s.loose[chart]
	case chart != "" && isAlone(by):
		return Chart, "no Application reaches it: rendered by itself"
	case chart != "":
		return Chart, ""
	case len(by) > 0:
		return s.read(p, by)
	case tool != "":
		return Other, "kept for " + tool
	case slices.Contains(s.settings, p):
		return Other, "settings of gitopsgen"
	case kustomization.IsFile(p):
		return Unreached, "nothing includes the kustomization"
	case path.Ext(p) == ".libsonnet":
		return Library, "nothing that was rendered imports it"
	case path.Ext(p) == ".jsonnet":
		return s.jsonnet(p)
	}
	return s.unread(p)
}

// read says what a file is that was read.
func (s *survey) read(p string, by []Reader) (as Class, reason string) {
	named, isNamed := s.uses[p]
	plain := !slices.ContainsFunc(by, func(r Reader) bool { return r.Kind != build.Directory && r.Kind != build.RecursiveDirectory })
	_, holds := s.repository.Alone(p)
	switch {
	case isNamed:
		return named.as, named.reason
	case path.Ext(p) == ".libsonnet":
		return Library, ""
	case isAlone(by):
		return Manifest, "no Application reaches it: judged by itself"
	case holds || path.Ext(p) == ".jsonnet":
		return Manifest, ""
	case plain:
		return Other, "no object"
	}
	return Values, ""
}

// isAlone reports whether what reads a file is that itself.
func isAlone(by []Reader) bool {
	return len(by) > 0 && !slices.ContainsFunc(by, func(r Reader) bool { return r.Name != "" })
}

// jsonnet says why a Jsonnet file was not evaluated.
func (s *survey) jsonnet(p string) (as Class, reason string) {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if by := s.named[dir]; len(by) > 0 {
			return Other, by[0].Name + ", whose source is " + dir + ", does not render it"
		}
		if dir == "." {
			return Unreached, "no Application reaches it"
		}
	}
}

// unread says what a file is that nothing read.
func (s *survey) unread(p string) (as Class, reason string) {
	foreign := s.repository.Foreign(p)
	_, holds := s.repository.Alone(p)
	base := path.Base(p)
	switch {
	case foreign != "":
		return Other, foreign
	case s.dead[p] != "":
		return Unreached, "nothing includes " + s.dead[p] + ", which names it"
	case holds && s.repository.LeftOut(p):
		return Unreached, "the kustomization beside it leaves it out"
	case holds:
		return Unreached, "it was not judged"
	case base == ".argocd-source.yaml" || strings.HasPrefix(base, ".argocd-source-"):
		return Other, "what Argo CD puts over the source of an Application"
	case strings.HasPrefix(base, "values"):
		return Unreached, "no chart is told these values"
	}
	return Other, "no object"
}

// use is what a kustomization does with a file.
type use struct {
	as     Class
	reason string
}

// useOf is what a kustomization does with a file that it names.
func useOf(ref kustomization.Reference) use {
	field, _ := ref.At[0].(string)
	switch {
	case ref.Use == kustomization.AsResource:
		return use{as: Manifest}
	case strings.HasPrefix(field, "patches"):
		return use{as: Patch}
	case ref.Use == kustomization.AsData:
		return use{Other, "data of a kustomization"}
	}
	return use{Other, "configuration of kustomize"}
}

// before reports whether a use says more of a file than another one.
func (u use) before(other use) bool {
	return cmp.Compare(slices.Index(Classes, u.as), slices.Index(Classes, other.as)) < 0
}
