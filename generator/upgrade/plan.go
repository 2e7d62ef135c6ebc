// Package upgrade compares what stands in a repository with what is to stand there, and works out what has to change.
//
// It writes nothing, and knows nothing of what the files are for.
package upgrade

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Existing is what stands in a directory.
type Existing struct {
	Dir  string
	Tree tree.Tree
	Lock lock.Lock
	// Empty says that nothing does, or that the directory is not there.
	Empty bool
	// Merging are the states that are being brought together there; none is the ordinary case.
	Merging []State
}

// State is a tree with what gitopsgen wrote of it.
type State struct {
	Tree tree.Tree
	Lock lock.Lock
}

// states are those that what stands there comes from.
func (e Existing) states() []State {
	if len(e.Merging) > 0 {
		return e.Merging
	}
	return []State{{e.Tree, e.Lock}}
}

// edited lists the generated files that hold what somebody else wrote. While states are brought together a file may hold either
// side's lines, and Git's marks of a conflict: what is generated anew is in the way of none.
func (e Existing) edited() []string {
	var edited []string
	for _, s := range e.states() {
		edited = append(edited, s.Lock.Edited(s.Tree)...)
	}
	if len(e.Merging) > 0 {
		for _, f := range e.Tree.Files() {
			if e.Generates(f.Path) && !e.mixed(f) {
				edited = append(edited, f.Path)
			}
		}
	}
	slices.Sort(edited)
	return slices.Compact(edited)
}

// Generates reports whether gitopsgen wrote a file in any of the states.
func (e Existing) Generates(file string) bool {
	return slices.ContainsFunc(e.states(), func(s State) bool { return slices.Contains(s.Lock.Generated(), file) })
}

// mixed reports whether a file has no line but those that one of the states has, and Git's marks.
func (e Existing) mixed(f tree.File) bool {
	known := map[string]bool{}
	for _, s := range e.Merging {
		old, _ := s.Tree.File(f.Path)
		for line := range bytes.Lines(old.Data) {
			known[string(bytes.TrimRight(line, "\r\n"))] = true
		}
	}
	for line := range bytes.Lines(f.Data) {
		line = bytes.TrimRight(line, "\r\n")
		if !known[string(line)] && !conflictMark.Match(line) {
			return false
		}
	}
	return true
}

// conflictMark is a line by which Git sets the sides of a conflict apart.
var conflictMark = regexp.MustCompile(`^(<{7}|>{7}|\|{7}) |^={7}$`)

// Plan is what has to change in a directory so that it holds a generated tree.
type Plan struct {
	// Tree is the directory's whole content afterwards, files that are not ours among it.
	Tree tree.Tree
	// Changes lead to it, sorted by path; Created says which of them are new files.
	Changes []gitrepo.Change
	Created map[string]bool
	// Outcomes say what becomes of generated files, by their IDs.
	Outcomes []Outcome
}

// New works out what makes a directory hold a generated tree in which nobody edited anything. Generated files that somebody
// edited, and files of somebody else's where ours would go, are errors.
func New(have Existing, want State) (Plan, error) {
	p := Plan{Created: map[string]bool{}}
	if have.Empty {
		p.Tree = want.Tree
		for _, f := range want.Tree.Files() {
			p.Changes = append(p.Changes, gitrepo.Change{File: f})
			p.Created[f.Path] = true
		}
		return p, nil
	}
	edited := slices.DeleteFunc(have.edited(), func(file string) bool { // what it would write is in the way of nothing
		made, wanted := want.Tree.File(file)
		is, _ := have.Tree.File(file)
		return wanted && bytes.Equal(made.Data, is.Data) || regenerated(file)
	})
	if len(edited) > 0 {
		return p, fault.Hint(
			fmt.Errorf("%s: edited since gitopsgen wrote it", strings.Join(edited, ", ")),
			"gitopsgen upgrade writes what is new under such edits; what a chart's values say may also move to components.<name>.values in gitopsgen.yaml",
		)
	}
	p, err := Merge(have.settled(), want, MergeOptions{})
	if err != nil {
		return p, err
	}
	var foreign []string
	for _, o := range p.Outcomes {
		if o.Kind == Conflicting {
			foreign = append(foreign, o.Path)
		}
	}
	if len(foreign) > 0 {
		return p, inTheWay(foreign)
	}
	return p, nil
}

// inTheWay is the error of files that stand where generated ones would go.
func inTheWay(files []string) error {
	return fault.Hint(
		fmt.Errorf("%s: files of your own stand where generated ones would go", strings.Join(files, ", ")),
		"move them away, or scaffold into another directory",
	)
}

// settled is what stands there with all that was generated taken for unedited, as edited has found it to be.
func (e Existing) settled() Existing {
	if len(e.Merging) == 0 {
		return e
	}
	known := map[string]bool{}
	e.Lock.Files = nil
	for _, s := range e.Merging {
		for _, f := range s.Lock.Files {
			if here, ok := e.Tree.File(f.Path); ok && !known[f.ID] {
				known[f.ID] = true
				e.Lock.Files = append(e.Lock.Files, lock.File{ID: f.ID, Path: f.Path, Data: here.Data})
			}
		}
	}
	e.Merging = nil
	return e
}

// Marked are the files that have marks of conflicts in them afterwards, which nobody should commit.
func (p Plan) Marked() []string {
	var marked []string
	for _, o := range p.Outcomes {
		if o.Marked != nil {
			marked = append(marked, o.Path)
		}
	}
	return marked
}

// Replaces reports whether a file that is there already would change.
func (p Plan) Replaces(path string) bool {
	return slices.ContainsFunc(p.Changes, func(c gitrepo.Change) bool { return c.File.Path == path && !p.Created[path] })
}

// stands reports whether there is a file in a directory that may not be in its tree: Git ignores it, say.
func stands(dir, path string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(path)))
	return err == nil
}
