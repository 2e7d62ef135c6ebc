// Package gitrepo reads repositories from disk and writes them: whole, or not at all.
//
// It knows directories, Git and commits, and nothing of what the files mean.
package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/gitignore"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// gitDir is the folder in which Git keeps its own things.
const gitDir = ".git"

// Read reads a directory as it stands, without what Git keeps for itself, and without what it ignores and does not track:
// one line in a .gitignore hides no file that is deployed.
func Read(dir string) (tree.Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return tree.Tree{}, fmt.Errorf("reading %w", cause(err))
	}
	defer root.Close()
	ignored := ignoredAbove(dir)
	ignored.enter(root.FS(), ".")
	t, err := tree.Read(root.FS(), func(p string, isDir bool) bool {
		if path.Base(p) == gitDir || ignored.leavesOut(p, isDir) {
			return true
		}
		if isDir {
			ignored.enter(root.FS(), p)
		}
		return false
	})
	if err != nil {
		return tree.Tree{}, fmt.Errorf("reading %s: %w", dir, cause(err))
	}
	return t.WithUnread(ignored.absent(t)...), nil
}

// ReadFile reads one file of a directory, as Read does. The error is fs.ErrNotExist where it is not there.
func ReadFile(dir, name string) ([]byte, error) {
	var f tree.File
	root, err := os.OpenRoot(dir)
	if err == nil {
		defer root.Close()
		f, err = tree.ReadFile(root.FS(), name)
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = fmt.Errorf("reading %s: %w", filepath.Join(dir, filepath.FromSlash(name)), at.Err)
	}
	return f.Data, err
}

// ignored is what Git leaves out. The library's own reader mixes up the folders of deep trees.
type ignored struct {
	// above are the folders that lead from the repository's root to where paths begin.
	above    []string
	patterns []gitignore.Pattern
	// tracked are the files in Git's index and the directories that lead to them, by their paths in the repository.
	tracked map[string]bool
	// elsewhere are those of them that Git does not put into the work tree, with the reason.
	elsewhere []tree.Unread
	// entered are the directories that are ignored, and entered for what is tracked in them.
	entered []string
	// known are the files whose patterns are, matcher is made of these; nil is to be made anew.
	known   map[string]bool
	matcher gitignore.Matcher
}

// maxPatterns bounds what a repository ignores: each path is held against all of it. What is beyond leaves nothing out.
const maxPatterns = 5_000

// ignoredAbove gives what the repository ignores that dir lies in, by files above dir. It is nil where nothing is to be
// left out.
func ignoredAbove(dir string) *ignored {
	i := &ignored{known: map[string]bool{}}
	root, inside, ok := Inside(dir)
	if !ok {
		return nil // where there is no Git, nothing ignores anything
	}
	var err error
	if i.tracked, i.elsewhere, err = tracked(root); err != nil {
		return nil // then nobody knows what is tracked, and nothing is left out
	}
	i.read(os.DirFS(root), path.Join(gitDir, "info", "exclude"), nil)
	if inside != "." {
		i.above = strings.Split(inside, "/")
	}
	for n := range i.above {
		i.read(os.DirFS(root), path.Join(append(i.above[:n:n], ".gitignore")...), i.above[:n:n])
	}
	return i
}

// enter reads what the folder dir says.
func (i *ignored) enter(fsys fs.FS, dir string) {
	if i == nil {
		return
	}
	domain := i.above
	if dir != "." {
		domain = append(domain[:len(domain):len(domain)], strings.Split(dir, "/")...)
	}
	i.read(fsys, path.Join(dir, ".gitignore"), domain)
}

// read adds the patterns of a file; one that cannot be read has none.
func (i *ignored) read(fsys fs.FS, file string, domain []string) {
	name := strings.Join(append(slices.Clone(domain), file), "/")
	if i.known[name] {
		return
	}
	i.known[name], i.matcher = true, nil
	f, err := tree.ReadFile(fsys, file)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(f.Data)) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" && len(i.patterns) < maxPatterns {
			i.patterns = append(i.patterns, gitignore.ParsePattern(line, domain))
		}
	}
}

// leavesOut reports whether Git ignores a path and tracks nothing there.
func (i *ignored) leavesOut(p string, isDir bool) bool {
	if i == nil {
		return false
	}
	full := append(i.above[:len(i.above):len(i.above)], strings.Split(p, "/")...)
	within := slices.ContainsFunc(i.entered, func(dir string) bool { return strings.HasPrefix(p, dir+"/") })
	if i.matcher == nil {
		i.matcher = gitignore.NewMatcher(i.patterns)
	}
	if !within && !i.matcher.Match(full, isDir) {
		return false
	}
	if !i.tracked[strings.Join(full, "/")] {
		return true
	}
	if isDir && !within && !slices.Contains(i.entered, p) {
		i.entered = append(i.entered, p)
	}
	return false
}

// absent lists what Git tracks below the directory that t was read from, and did not put there.
func (i *ignored) absent(t tree.Tree) []tree.Unread {
	if i == nil {
		return nil
	}
	var all []tree.Unread
	above := strings.Join(append(slices.Clone(i.above), ""), "/")
	for _, u := range i.elsewhere {
		inside, ok := strings.CutPrefix(u.Path, above)
		if _, here := t.File(inside); ok && !here && len(t.Under(inside)) == 0 {
			u.Path = inside
			all = append(all, u)
		}
	}
	return all
}

// tracked lists what stands in the index of the repository at root, and the directories that lead there; and what of it Git
// does not put into the work tree.
func tracked(root string) (known map[string]bool, elsewhere []tree.Unread, err error) {
	repo, err := openRepository(root)
	if err != nil {
		return nil, nil, err
	}
	index, err := repo.Storer.Index()
	if err != nil {
		return nil, nil, err
	}
	known = make(map[string]bool, len(index.Entries))
	for _, e := range index.Entries {
		for p := e.Name; p != "." && !known[p]; p = path.Dir(p) {
			known[p] = true
		}
		switch {
		case e.Mode == filemode.Submodule:
			elsewhere = append(elsewhere, tree.Unread{Path: e.Name, Reason: "it is a submodule that is not here", Folder: true})
		case e.SkipWorktree:
			elsewhere = append(elsewhere, tree.Unread{Path: e.Name, Reason: "it is left out of this sparse checkout"})
		}
	}
	return known, elsewhere, nil
}

// cause is the innermost part of a file error: which file, and why.
func cause(err error) error {
	var p *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &p):
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.New, link.Err)
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

// Inside gives the directory of the Git repository that dir is in, and the path of dir in there, "." for that directory itself;
// ok is false where it is in none.
func Inside(dir string) (root, inside string, ok bool) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", "", false
	}
	if root, ok = Root(abs); !ok {
		return "", "", false
	}
	inside, err = filepath.Rel(root, abs)
	return root, filepath.ToSlash(inside), err == nil
}

// openRepository opens the repository whose work tree is at root, a linked one too.
func openRepository(root string) (*git.Repository, error) {
	return git.PlainOpenWithOptions(root, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
}

// Remotes lists the URLs under which the repository at dir knows its remotes; none where dir is no repository that can
// be read.
func Remotes(dir string) []string {
	repo, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
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
