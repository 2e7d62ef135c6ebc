package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// writePlan is what has to change in a directory so that it holds a generated tree.
type writePlan struct {
	dir string
	// tree is the directory's whole content afterwards, files that are not ours among it.
	tree tree.Tree
	// changes are sorted by path; created says which of them are new files.
	changes []gitrepo.Change
	created map[string]bool
}

// planWrite compares want with what dir holds. Generated files that somebody edited, and files of somebody else's where
// ours would go, are errors.
func planWrite(dir string, want tree.Tree) (writePlan, error) {
	p := writePlan{dir: dir, created: map[string]bool{}}
	empty, err := gitrepo.Empty(dir)
	if err != nil {
		return p, err
	}
	if empty {
		p.tree = want
		for _, f := range want.Files() {
			p.changes = append(p.changes, gitrepo.Change{File: f})
			p.created[f.Path] = true
		}
		return p, nil
	}
	have, err := gitrepo.Read(dir)
	if err != nil {
		return p, err
	}
	lock, _, err := layout.ReadLock(have)
	if err != nil {
		return p, err
	}
	if edited := lock.Edited(have); len(edited) > 0 {
		return p, hintError{
			fmt.Errorf("%s: edited since gitopsgen wrote it", strings.Join(edited, ", ")),
			"move the edit to components.<name>.values in gitopsgen.yaml and undo it there (git checkout -- FILE), then run scaffold again",
		}
	}
	return p, p.compare(have, want, lock)
}

// compare fills in the changes that lead from have to want, and the tree that they make.
func (p *writePlan) compare(have, want tree.Tree, lock layout.Lock) error {
	ours := map[string]bool{blueprint.SpecFile: true}
	for _, path := range lock.Generated() {
		ours[path] = true
	}
	var foreign []string
	for _, f := range want.Files() {
		old, there := have.File(f.Path)
		if there && bytes.Equal(old.Data, f.Data) && old.Executable == f.Executable {
			continue
		}
		if !ours[f.Path] && (there || exists(filepath.Join(p.dir, filepath.FromSlash(f.Path)))) {
			foreign = append(foreign, f.Path)
			continue
		}
		p.changes = append(p.changes, gitrepo.Change{File: f})
		p.created[f.Path] = !there
	}
	if len(foreign) > 0 {
		return hintError{
			fmt.Errorf("%s: files of your own stand where generated ones would go", strings.Join(foreign, ", ")),
			"move them away, or scaffold into another directory",
		}
	}
	files := append([]tree.File{}, want.Files()...)
	for _, f := range have.Files() {
		if _, stays := want.File(f.Path); stays {
			continue
		}
		if ours[f.Path] && f.Path != blueprint.SpecFile {
			p.changes = append(p.changes, gitrepo.Change{File: f, Remove: true})
			continue
		}
		files = append(files, f)
	}
	var err error
	p.tree, err = tree.New(files...)
	return err
}

// replaces reports whether a file that is there already would change.
func (p writePlan) replaces(path string) bool {
	return slices.ContainsFunc(p.changes, func(c gitrepo.Change) bool { return c.File.Path == path && !p.created[path] })
}

// write carries the plan out and gives the commit's hash.
func (p writePlan) write(ctx context.Context, o scaffoldOptions) (string, error) {
	c := o.commit
	c.Message = "Generate the platform with gitopsgen " + version
	if !exists(p.dir) {
		return gitrepo.Create(ctx, p.dir, p.tree, c)
	}
	c.With = append(slices.Clone(c.With), blueprint.SpecFile)
	return gitrepo.Update(ctx, p.dir, p.changes, c)
}
