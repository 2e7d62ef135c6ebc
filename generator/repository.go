package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/focus"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Repository is a tree with what it says of itself, read once.
type Repository struct {
	// Dir is where it stands; empty is nowhere but in memory.
	Dir  string
	Tree tree.Tree
	// Commit is the one that the tree is of; empty is the work tree or the index.
	Commit string
	// Document is the spec as it stands in its file; nil where there is none. Spec has its defaults filled in.
	Document *blueprint.Document
	Spec     blueprint.Spec
	// Lock is empty where there is none.
	Lock lock.Lock
	// Remotes are the URLs under which Git knows it.
	Remotes []string
	// Checkouts are other repositories whose files are in the tree.
	Checkouts checkout.List
	// Focus is the folder or the file of it that was asked for; empty is all of it.
	Focus focus.Path
	// Here is the working directory in it, where paths are told from there; empty is that they are told from Dir.
	Here string
}

// Open reads the repository in a directory; tier is that of one which names none. One that a newer gitopsgen wrote is an
// error.
func (g Generator) Open(dir string, tier blueprint.Tier) (Repository, error) {
	return g.OpenAt(context.Background(), dir, snapshot.At{}, tier)
}

// OpenAt reads the repository in a directory as Open does, in one of its states.
func (g Generator) OpenAt(ctx context.Context, dir string, at snapshot.At, tier blueprint.Tier) (Repository, error) {
	t, commit, err := snapshot.Read(ctx, dir, at)
	if err != nil {
		return Repository{}, unread(err)
	}
	r, err := g.Read(t, tier)
	r.Dir, r.Remotes, r.Commit = dir, gitrepo.Remotes(dir), commit
	return r, err
}

// OpenPart reads the repository that a folder or a file is part of, in one of its states. A folder that gitopsgen wrote is a
// repository of its own, wherever it stands.
func (g Generator) OpenPart(ctx context.Context, name string, at snapshot.At, tier blueprint.Tier) (Repository, error) {
	part := gitrepo.PartOf(name, blueprint.SpecFile, path.Dir(lock.Path))
	if _, err := os.Stat(name); err != nil && at == (snapshot.At{}) {
		return Repository{}, fmt.Errorf("reading %s: %w", name, errors.Unwrap(err))
	}
	r, err := g.OpenAt(ctx, part.Dir, at, tier)
	r.Focus, r.Here = focus.Path(part.Focus), part.Here
	return r, err
}

// Prefix is the folder that r was read from in its Git repository; empty is the root of it, or that there is none.
func (r Repository) Prefix() string {
	_, inside, ok := gitrepo.Inside(r.Dir)
	if !ok || r.Dir == "" || inside == "." {
		return ""
	}
	return inside
}

// unread says what to do about a state that could not be read.
func unread(err error) error {
	switch {
	case errors.Is(err, snapshot.ErrNoRevision):
		return fault.Misuse(fault.Hint(err, "a clone that is not whole may lack it: git fetch --depth=1 origin BRANCH:refs/remotes/origin/BRANCH brings origin/BRANCH"))
	case errors.Is(err, snapshot.ErrUnborn):
		return fault.Misuse(fault.Hint(err, "commit something first, or check the work tree"))
	case errors.Is(err, snapshot.ErrPartial):
		return fault.Hint(err, "git fetch --refetch --no-filter origin brings all of it")
	case errors.Is(err, snapshot.ErrShallow):
		return fault.Hint(err, "git fetch --deepen=100, or --unshallow, brings more of it")
	}
	return err
}

// Read reads what a tree says of itself; tier is that of one which names none. One that a newer gitopsgen wrote is an error.
func (g Generator) Read(t tree.Tree, tier blueprint.Tier) (r Repository, err error) {
	if r, err = readSpec(t, blueprint.SpecFile, tier); err != nil {
		return r, err
	}
	r.Lock, err = g.readLock(t)
	return r, err
}

// readLock reads the lock of a tree, which this version must be able to.
func (g Generator) readLock(t tree.Tree) (lock.Lock, error) {
	l, _, err := lock.Read(t)
	if newer := g.readable(l); newer != nil { // whatever it has that is not known here
		return l, newer
	}
	return l, err
}

// readable gives an error where a newer gitopsgen wrote a lock.
func (g Generator) readable(l lock.Lock) error {
	if l.ReadableBy(g.Version) {
		return nil
	}
	return fault.Hint(fmt.Errorf("%s: it needs gitopsgen %s, and this is %s", lock.Path, l.Requires, g.Version), "install that version: the repository was written with it")
}

// readSpec reads the spec of a tree, if there is one; errors call it file.
func readSpec(t tree.Tree, file string, tier blueprint.Tier) (r Repository, err error) {
	r.Tree = t
	if f, ok := t.File(blueprint.SpecFile); ok {
		if r.Document, err = blueprint.Read(file, f.Data); err != nil {
			return r, err
		}
		r.Spec = r.Document.Spec
	}
	r.Spec.Tier = cmp.Or(r.Spec.Tier, tier)
	r.Spec = r.Spec.WithDefaults()
	return r, nil
}
