package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"
	"github.com/rogpeppe/go-internal/lockedfile"
	"golang.org/x/sync/errgroup"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// unfinished ends the name of the directory that a repository is written to before it is renamed to its place.
const unfinished = ".gitopsgen-unfinished"

// Create makes a repository at dir, which does not exist or is empty, with one commit. It is written beside its place
// and renamed, so that dir is never there by half; what an earlier run left beside it is removed. It gives the commit's
// hash, empty where none was asked for.
func Create(ctx context.Context, dir string, t tree.Tree, c Commit) (hash string, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil { // an empty directory, perhaps by a link that should stay
		abs = real
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
		return "", fmt.Errorf("making %s: %w", filepath.Dir(dir), cause(err))
	}
	unlock, err := lock(abs)
	if err != nil {
		return "", err
	}
	defer unlock()
	tmp := filepath.Join(filepath.Dir(abs), "."+filepath.Base(abs)+unfinished)
	if err := os.RemoveAll(tmp); err != nil {
		return "", fmt.Errorf("removing what an earlier run left: %w", cause(err))
	}
	defer os.RemoveAll(tmp)
	if err := writeTree(ctx, tmp, t); err != nil {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	if hash, err = initialise(tmp, c); err != nil {
		return "", fmt.Errorf("committing: %w", err)
	}
	if err := os.Remove(abs); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	if err := os.Rename(tmp, abs); err != nil {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	return hash, nil
}

// Write writes t into the new directory dir, without Git.
func Write(ctx context.Context, dir string, t tree.Tree) error {
	empty, err := Empty(dir)
	if err != nil {
		return err
	}
	if !empty {
		return fmt.Errorf("writing %s: it is not empty", dir)
	}
	return writeTree(ctx, dir, t)
}

// Empty reports whether dir does not exist or holds nothing.
func Empty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading %w", cause(err))
	}
	return len(entries) == 0, nil
}

// writeTree writes on all processors: most of what a file takes is the system's to do.
func writeTree(ctx context.Context, dir string, t tree.Tree) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range t.Files() {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return writeFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f)
		})
	}
	return group.Wait()
}

func writeFile(at string, f tree.File) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	return os.WriteFile(at, f.Data, mode(f.Executable))
}

// ensureRepository makes abs a repository unless it is in one. An existing .git is always whole.
func ensureRepository(abs, branch string) error {
	tmp := filepath.Join(abs, unfinished)
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	if _, ok := Root(abs); ok {
		return nil
	}
	defer os.RemoveAll(tmp)
	if _, err := newRepository(tmp, branch); err != nil {
		return err
	}
	return os.Rename(filepath.Join(tmp, gitDir), filepath.Join(abs, gitDir))
}

func newRepository(dir, branch string) (*git.Repository, error) {
	return git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(branch)},
	})
}

// initialise makes dir a repository and commits all that is in it.
func initialise(dir string, c Commit) (string, error) {
	repo, err := newRepository(dir, c.Branch)
	if err != nil || c.Skip {
		return "", err
	}
	work, err := repo.Worktree()
	if err != nil {
		return "", err
	}
	store := &inMemory{memory.NewStorage().ObjectStorage, repo.Storer.(*filesystem.Storage)}
	if repo, err = git.Open(store, work.Filesystem); err != nil {
		return "", err
	}
	if work, err = repo.Worktree(); err != nil {
		return "", err
	}
	if err := work.AddWithOptions(&git.AddOptions{All: true}); err != nil {
		return "", err
	}
	who := &object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: time.Now()}
	hash, err := work.Commit(c.Message, &git.CommitOptions{Author: who})
	if err != nil {
		return "", err
	}
	return hash.String(), store.pack()
}

// inMemory is the storage of a repository that keeps new objects in memory until they are packed: a file for each one
// would take longer than all else that scaffold does.
type inMemory struct {
	memory.ObjectStorage
	*filesystem.Storage
}

// AddAlternate is a method that both have.
func (s *inMemory) AddAlternate(remote string) error { return s.Storage.AddAlternate(remote) }

// pack writes all objects to one file.
func (s *inMemory) pack() (err error) {
	w, err := s.Storage.PackfileWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	hashes := slices.SortedFunc(maps.Keys(s.Objects), func(a, b plumbing.Hash) int { return bytes.Compare(a[:], b[:]) })
	const noDeltas = 0
	_, err = packfile.NewEncoder(w, s, false).Encode(hashes, noDeltas)
	return err
}

// lock keeps other runs away from abs. The lock is a file of its own in the user's cache, where it may stay.
func lock(abs string) (unlock func(), err error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "gitopsgen", "locks")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		dir = os.TempDir()
	}
	unlock, err = lockedfile.MutexAt(filepath.Join(dir, "gitopsgen-"+digest([]byte(abs))[:16]+".lock")).Lock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", abs, cause(err))
	}
	return unlock, nil
}
