package generator

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// existing is what stands in a directory.
type existing struct {
	// empty says that nothing does, or that the directory is not there.
	empty bool
	tree  tree.Tree
	lock  lock.Lock
}

func (g Generator) readExisting(dir string) (e existing, err error) {
	if e.empty, err = gitrepo.Empty(dir); err != nil || e.empty {
		return e, err
	}
	if e.tree, err = gitrepo.Read(dir); err != nil {
		return e, err
	}
	e.lock, err = g.readLock(e.tree)
	return e, err
}

// plan compares want with what stands there. Generated files that somebody edited, and files of somebody else's where ours
// would go, are errors.
func (out *Generated) plan(have existing, want tree.Tree) error {
	out.Created = map[string]bool{}
	if have.empty {
		out.Tree = want
		for _, f := range want.Files() {
			out.Changes = append(out.Changes, gitrepo.Change{File: f})
			out.Created[f.Path] = true
		}
		return nil
	}
	if edited := have.lock.Edited(have.tree); len(edited) > 0 {
		return fault.Hint(
			fmt.Errorf("%s: edited since gitopsgen wrote it", strings.Join(edited, ", ")),
			"move the edit to components.<name>.values in gitopsgen.yaml and undo it there (git checkout -- FILE), then run scaffold again",
		)
	}
	return out.compare(have, want)
}

// compare fills in the changes that lead from have to want, and the tree that they make.
func (out *Generated) compare(have existing, want tree.Tree) error {
	ours := map[string]bool{blueprint.SpecFile: true}
	for _, path := range have.lock.Generated() {
		ours[path] = true
	}
	var foreign []string
	for _, f := range want.Files() {
		old, there := have.tree.File(f.Path)
		if there && bytes.Equal(old.Data, f.Data) && old.Executable == f.Executable {
			continue
		}
		if !ours[f.Path] && (there || exists(filepath.Join(out.Dir, filepath.FromSlash(f.Path)))) {
			foreign = append(foreign, f.Path)
			continue
		}
		out.Changes = append(out.Changes, gitrepo.Change{File: f})
		out.Created[f.Path] = !there
	}
	if len(foreign) > 0 {
		return fault.Hint(
			fmt.Errorf("%s: files of your own stand where generated ones would go", strings.Join(foreign, ", ")),
			"move them away, or scaffold into another directory",
		)
	}
	files := append([]tree.File{}, want.Files()...)
	for _, f := range have.tree.Files() {
		if _, stays := want.File(f.Path); stays {
			continue
		}
		if ours[f.Path] && f.Path != blueprint.SpecFile {
			out.Changes = append(out.Changes, gitrepo.Change{File: f, Remove: true})
			continue
		}
		files = append(files, f)
	}
	var err error
	out.Tree, err = tree.New(files...)
	return err
}

// replaces reports whether a file that is there already would change.
func (out Generated) replaces(path string) bool {
	return slices.ContainsFunc(out.Changes, func(c gitrepo.Change) bool { return c.File.Path == path && !out.Created[path] })
}
