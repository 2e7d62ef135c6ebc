package gitrepo

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// ErrNoRevision says that a repository has no such revision.
var ErrNoRevision = errors.New("there is no such revision")

// What is read of a revision, at most.
const (
	maxRevisionFiles = 10_000
	maxRevisionBytes = 64 << 20
)

// ReadRevision reads files and folders of a directory as a revision of its repository has them: a branch, a tag, a commit.
// What is not there is left out. It gives the commit that the revision is, too.
func ReadRevision(dir, revision string, paths ...string) (t tree.Tree, commit string, err error) {
	files, commit, err := readRevision(dir, revision, paths)
	if err != nil {
		return tree.Tree{}, "", fmt.Errorf("reading the revision %q: %w", revision, err)
	}
	t, err = tree.New(files...)
	return t, commit, err
}

func readRevision(dir, revision string, paths []string) ([]tree.File, string, error) {
	root, ok := Root(dir)
	if !ok {
		return nil, "", fmt.Errorf("%s is in no Git repository", dir)
	}
	repo, err := openRepository(root)
	if err != nil {
		return nil, "", err
	}
	hash, err := repo.ResolveRevision(plumbing.Revision(revision))
	if err != nil {
		return nil, "", ErrNoRevision
	}
	commit, err := repo.CommitObject(*hash)
	if err != nil {
		return nil, "", ErrNoRevision
	}
	whole, err := commit.Tree()
	if err != nil {
		return nil, "", err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, "", err
	}
	inside, err := filepath.Rel(root, abs)
	if err != nil {
		return nil, "", err
	}
	r := revisionReader{dir: filepath.ToSlash(inside)}
	for _, p := range paths {
		if err := r.read(whole, p); err != nil {
			return nil, "", fmt.Errorf("%s: %w", p, err)
		}
	}
	return r.files, hash.String(), nil
}

// revisionReader gathers files of a commit's tree.
type revisionReader struct {
	// dir is the directory that paths are relative to.
	dir   string
	files []tree.File
	bytes int64
}

// read reads a file, or all files of a folder.
func (r *revisionReader) read(whole *object.Tree, p string) error {
	at := path.Join(r.dir, p)
	entry, err := whole.FindEntry(at)
	if err != nil {
		return nil // it is not there
	}
	if entry.Mode != filemode.Dir {
		f, err := whole.File(at)
		if err != nil {
			return err
		}
		return r.add(p, f)
	}
	folder, err := whole.Tree(at)
	if err != nil {
		return err
	}
	return folder.Files().ForEach(func(f *object.File) error { return r.add(path.Join(p, f.Name), f) })
}

// add reads one file; links are left out.
func (r *revisionReader) add(p string, f *object.File) error {
	if !f.Mode.IsRegular() && f.Mode != filemode.Executable {
		return nil
	}
	if r.bytes += f.Size; len(r.files) == maxRevisionFiles || r.bytes > maxRevisionBytes {
		return fmt.Errorf("more than %d files or %d MiB", maxRevisionFiles, maxRevisionBytes>>20)
	}
	reader, err := f.Reader()
	if err != nil {
		return err
	}
	defer reader.Close()
	data, err := io.ReadAll(reader)
	r.files = append(r.files, tree.File{Path: p, Data: data})
	return err
}
