package gitrepo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Commit says how a change is committed.
type Commit struct {
	Message string
	Author  Identity
	// Branch is the first branch of a new repository.
	Branch string
	// With are paths that are committed too, where the user may have changed them.
	With []string
	// Skip writes the files and commits nothing.
	Skip bool
}

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
	if empty, err := Empty(dir); err != nil || !empty {
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
		return false, fmt.Errorf("reading %s: %w", dir, cause(err))
	}
	return len(entries) == 0, nil
}

func writeTree(ctx context.Context, dir string, t tree.Tree) error {
	for _, f := range t.Files() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(at string, f tree.File) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if f.Executable {
		mode = 0o755
	}
	return os.WriteFile(at, f.Data, mode)
}

// initialise makes dir a repository and commits all that is in it.
func initialise(dir string, c Commit) (string, error) {
	repo, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(c.Branch)},
	})
	if err != nil || c.Skip {
		return "", err
	}
	work, err := repo.Worktree()
	if err != nil {
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
	return hash.String(), nil
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
	sum := sha256.Sum256([]byte(abs))
	unlock, err = lockedfile.MutexAt(filepath.Join(dir, "gitopsgen-"+hex.EncodeToString(sum[:8])+".lock")).Lock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", abs, cause(err))
	}
	return unlock, nil
}

// existing is dir or the nearest directory above it that exists.
func existing(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	for {
		if info, err := os.Stat(abs); err == nil && info.IsDir() {
			return abs
		}
		if parent := filepath.Dir(abs); parent != abs {
			abs = parent
			continue
		}
		return "."
	}
}
