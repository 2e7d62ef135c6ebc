// Package upgrade compares what stands in a repository with what is to stand there, and works out what has to change.
//
// It writes nothing, and knows nothing of what the files are for.
package upgrade

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
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
}

// Plan is what has to change in a directory so that it holds a generated tree.
type Plan struct {
	// Tree is the directory's whole content afterwards, files that are not ours among it.
	Tree tree.Tree
	// Changes lead to it, sorted by path; Created says which of them are new files.
	Changes []gitrepo.Change
	Created map[string]bool
}

// New compares want with what stands there. Generated files that somebody edited, and files of somebody else's where ours
// would go, are errors.
func New(have Existing, want tree.Tree) (Plan, error) {
	p := Plan{Created: map[string]bool{}}
	if have.Empty {
		p.Tree = want
		for _, f := range want.Files() {
			p.Changes = append(p.Changes, gitrepo.Change{File: f})
			p.Created[f.Path] = true
		}
		return p, nil
	}
	if edited := have.Lock.Edited(have.Tree); len(edited) > 0 {
		return p, fault.Hint(
			fmt.Errorf("%s: edited since gitopsgen wrote it", strings.Join(edited, ", ")),
			"move the edit to components.<name>.values in gitopsgen.yaml and undo it there (git checkout -- FILE), then run scaffold again",
		)
	}
	return p, p.compare(have, want)
}

// compare fills in the changes that lead from have to want, and the tree that they make.
func (p *Plan) compare(have Existing, want tree.Tree) error {
	ours := map[string]bool{blueprint.SpecFile: true}
	for _, path := range have.Lock.Generated() {
		ours[path] = true
	}
	var foreign []string
	for _, f := range want.Files() {
		old, there := have.Tree.File(f.Path)
		if there && bytes.Equal(old.Data, f.Data) && old.Executable == f.Executable {
			continue
		}
		if !ours[f.Path] && (there || stands(have.Dir, f.Path)) {
			foreign = append(foreign, f.Path)
			continue
		}
		p.Changes = append(p.Changes, gitrepo.Change{File: f})
		p.Created[f.Path] = !there
	}
	if len(foreign) > 0 {
		return fault.Hint(
			fmt.Errorf("%s: files of your own stand where generated ones would go", strings.Join(foreign, ", ")),
			"move them away, or scaffold into another directory",
		)
	}
	files := append([]tree.File{}, want.Files()...)
	for _, f := range have.Tree.Files() {
		if _, stays := want.File(f.Path); stays {
			continue
		}
		if ours[f.Path] && f.Path != blueprint.SpecFile {
			p.Changes = append(p.Changes, gitrepo.Change{File: f, Remove: true})
			continue
		}
		files = append(files, f)
	}
	var err error
	p.Tree, err = tree.New(files...)
	return err
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
