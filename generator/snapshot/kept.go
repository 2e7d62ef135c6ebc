package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// kept is what Git keeps of a repository.
type kept struct {
	// root is the repository's, which is absolute, and prefix what the paths in there begin with that are below the directory that
	// is asked for.
	root, prefix string
	work         *os.Root
	// library is nil where it does not know the repository's format.
	library *git.Repository
	program program
	// shared is what other states had already; nil shares nothing.
	shared *shared
}

// entry is a file, a link or a submodule that Git keeps.
type entry struct {
	path, hash string
	mode       filemode.FileMode
	// staged is what the index knows of the file in the work tree; nil in a revision.
	staged *index.Entry
	// filter is the one by which Git keeps the file in another form than the work tree has; empty is none.
	filter string
}

// openKept opens the repository that a directory is in.
func openKept(ctx context.Context, dir string) (*kept, error) {
	root, inside, ok := gitrepo.Inside(dir)
	if !ok {
		return nil, fmt.Errorf("%s is in no Git repository", dir)
	}
	work, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	k := &kept{root: root, prefix: strings.TrimPrefix(inside+"/", "./"), work: work, program: program{ctx: ctx, dir: root}, shared: sharedIn(ctx)}
	k.shared.of(root)
	if k.library, err = git.PlainOpenWithOptions(root, &git.PlainOpenOptions{EnableDotGitCommonDir: true}); err != nil {
		k.library = nil
	}
	return k, nil
}

func (k *kept) close() {
	k.work.Close()
	k.program.close()
}

// index lists what is staged.
func (k *kept) index(file string) ([]entry, error) {
	if file != "" && !filepath.IsAbs(file) {
		file = filepath.Join(k.root, file)
	}
	found, err := k.readIndex(file)
	if err != nil {
		return k.program.index(file)
	}
	entries := make([]entry, 0, len(found.Entries))
	for _, e := range found.Entries {
		if e.Stage != 0 {
			return nil, fmt.Errorf("%s: it is in conflict: resolve it, then git add it", e.Name)
		}
		switch {
		case e.Mode == filemode.Dir: // of a sparse index
			return k.program.index(file)
		case e.IntentToAdd: // nothing of it is staged
			continue
		}
		entries = append(entries, entry{path: e.Name, hash: e.Hash.String(), mode: e.Mode, staged: e})
	}
	return entries, nil
}

var errUnknown = errors.New("the repository has a format that the library does not know")

// readIndex reads an index by the library; the empty file is the repository's own.
func (k *kept) readIndex(file string) (*index.Index, error) {
	switch {
	case k.library == nil:
		return nil, errUnknown
	case file == "":
		return k.shared.index(k.root, k.library.Storer.Index)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found := &index.Index{}
	return found, index.NewDecoder(f).Decode(found)
}

// commit gives the commit that a revision is.
func (k *kept) commit(revision string) (string, error) {
	if k.library != nil {
		hash, err := k.library.ResolveRevision(plumbing.Revision(revision))
		if err == nil {
			if _, err := k.library.CommitObject(*hash); err == nil {
				return hash.String(), nil
			}
		}
		if _, unborn := k.library.Head(); revision == "HEAD" && errors.Is(unborn, plumbing.ErrReferenceNotFound) {
			return "", ErrUnborn
		}
	}
	return k.program.commit(revision)
}

// tree lists what a commit has.
func (k *kept) tree(commit string) ([]entry, error) {
	entries, err := k.walk(commit)
	if err != nil {
		return k.program.tree(commit)
	}
	return entries, nil
}

// walk lists what a commit has by the library.
func (k *kept) walk(commit string) ([]entry, error) {
	if k.library == nil {
		return nil, errUnknown
	}
	found, err := k.library.CommitObject(plumbing.NewHash(commit))
	if err != nil {
		return nil, err
	}
	whole, err := found.Tree()
	if err != nil {
		return nil, err
	}
	walker := object.NewTreeWalker(whole, true, nil)
	defer walker.Close()
	var entries []entry
	for {
		name, e, err := walker.Next()
		switch {
		case errors.Is(err, io.EOF):
			return entries, nil
		case err != nil:
			return nil, err
		case e.Mode != filemode.Dir:
			entries = append(entries, entry{path: name, hash: e.Hash.String(), mode: e.Mode})
		}
	}
}

// data reads what Git keeps of a file. Where the work tree has the same it is read there, which costs less.
func (k *kept) data(e entry) ([]byte, error) {
	if e.filter != "" { // the work tree has it in another form
		return k.blob(e)
	}
	return k.shared.do(e.hash, func() ([]byte, error) { return k.blob(e) })
}

func (k *kept) blob(e entry) ([]byte, error) {
	if e.staged != nil && e.mode != filemode.Symlink {
		if f, err := tree.ReadFile(k.work.FS(), e.path); err == nil && (k.holds(f, e) || e.filter != "") {
			return f.Data, nil
		}
	}
	if k.library != nil {
		if blob, err := k.library.BlobObject(plumbing.NewHash(e.hash)); err == nil {
			r, err := blob.Reader()
			if err != nil {
				return nil, err
			}
			defer r.Close()
			return io.ReadAll(io.LimitReader(r, maxBlob))
		}
	}
	return k.program.blob(e.hash)
}

// maxBlob bounds what is read of a file: more than one of a tree may have.
const maxBlob = 33 << 20

// holds reports whether a file is what Git keeps by that name.
func (k *kept) holds(f tree.File, e entry) bool {
	return plumbing.ComputeHash(plumbing.BlobObject, f.Data).String() == e.hash
}

// mergeBase gives the newest commit that two commits both build on.
func (k *kept) mergeBase(one, other string) (string, error) {
	if one == other {
		return one, nil
	}
	base, err := k.program.mergeBase(one, other) // the library walks the whole history
	if err != nil && k.library != nil {
		base, err = k.common(one, other)
	}
	switch {
	case base != "":
		return base, nil
	case k.isShallow():
		return "", ErrShallow
	}
	return "", cmp.Or(err, errors.New("they have no commit in common"))
}

// common gives the newest common commit by the library; empty is none.
func (k *kept) common(one, other string) (string, error) {
	var commits [2]*object.Commit
	for i, hash := range []string{one, other} {
		var err error
		if commits[i], err = k.library.CommitObject(plumbing.NewHash(hash)); err != nil {
			return "", err
		}
	}
	bases, err := commits[0].MergeBase(commits[1])
	if err != nil || len(bases) == 0 {
		return "", err
	}
	return bases[0].Hash.String(), nil
}

// isShallow reports whether a part of the history is not here.
func (k *kept) isShallow() bool {
	if k.library == nil {
		return k.program.isShallow()
	}
	commits, err := k.library.Storer.Shallow()
	return err == nil && len(commits) > 0
}
