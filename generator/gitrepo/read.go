// Package gitrepo reads repositories from disk and writes them: whole, or not at all.
//
// It knows directories, Git and commits, and nothing of what the files mean.
package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/format/gitignore"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// gitDir is the folder in which Git keeps its own things.
const gitDir = ".git"

// Read reads a directory as it stands, without what Git keeps for itself or ignores.
func Read(dir string) (tree.Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return tree.Tree{}, fmt.Errorf("reading %s: %w", dir, cause(err))
	}
	defer root.Close()
	patterns, err := gitignore.ReadPatterns(osfs.New(dir), nil)
	if err != nil {
		return tree.Tree{}, fmt.Errorf("reading %s: .gitignore: %w", dir, cause(err))
	}
	ignored := gitignore.NewMatcher(patterns)
	t, err := tree.Read(root.FS(), func(p string, isDir bool) bool {
		return p == gitDir || ignored.Match(strings.Split(p, "/"), isDir)
	})
	if err != nil {
		return tree.Tree{}, fmt.Errorf("reading %s: %w", dir, cause(err))
	}
	return t, nil
}

// cause is the innermost part of a file error, which does not name the path again.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// Root gives the directory of the Git repository that dir is in; ok is false where it is in none.
func Root(dir string) (root string, ok bool) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(abs, gitDir)); err == nil {
			return abs, true
		}
		parent := filepath.Dir(abs)
		if parent == abs {
			return "", false
		}
		abs = parent
	}
}

// Remotes lists the URLs under which the repository at dir knows its remotes; none where dir is no repository that can
// be read.
func Remotes(dir string) []string {
	repo, err := git.PlainOpen(dir)
	if err != nil {
		return nil
	}
	remotes, err := repo.Remotes()
	if err != nil {
		return nil
	}
	var urls []string
	for _, r := range remotes {
		urls = append(urls, r.Config().URLs...)
	}
	return urls
}
