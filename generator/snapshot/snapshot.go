// Package snapshot reads the states of a repository that Git keeps: what is staged, and what was committed.
//
// It knows Git's index, revisions and objects, and nothing of what the files mean. Git's library does the work; where that does
// not know a repository's format, the user's git is asked, by commands that start nothing and fetch nothing.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// At names the state of a directory that is read. The zero At is the directory as it stands.
type At struct {
	// Staged is the index, which is what will be committed. IndexFile holds it where it is not the repository's own, as
	// while git commit runs a hook; it is relative to the repository's root.
	Staged    bool
	IndexFile string
	// Revision is a branch, a tag or a commit.
	Revision string
}

// What a repository can lack that a revision is asked of.
var (
	// ErrNoRevision says that a repository has no such revision.
	ErrNoRevision = errors.New("there is no such revision")
	// ErrUnborn says that nothing is committed yet.
	ErrUnborn = errors.New("nothing is committed yet")
	// ErrPartial says that the clone lacks a file of the revision.
	ErrPartial = errors.New("this clone is partial, and it is not in it")
	// ErrShallow says that the clone lacks the part of the history that it would take.
	ErrShallow = errors.New("this clone is shallow, and what they have in common is not in it")
)

// Read reads a directory in a state: what Git keeps of it there, links and all as gitrepo.Read does, or what stands there. It gives
// the commit that a revision is, too.
func Read(ctx context.Context, dir string, at At) (t tree.Tree, commit string, err error) {
	switch {
	case at.Revision != "":
		return ReadRevision(ctx, dir, at.Revision, ".")
	case !at.Staged:
		t, err = gitrepo.Read(dir)
		return t, "", err
	}
	k, err := openKept(ctx, dir)
	if err != nil {
		return t, "", err
	}
	defer k.close()
	entries, err := k.index(at.IndexFile)
	if err != nil {
		return t, "", fmt.Errorf("reading what is staged: %w", err)
	}
	t, err = k.read(entries, ".")
	return t, "", err
}

// ReadRevision reads files and folders of a directory as a revision of its repository has them: a branch, a tag, a commit.
// What is not there is left out. It gives the commit that the revision is, too.
func ReadRevision(ctx context.Context, dir, revision string, paths ...string) (t tree.Tree, commit string, err error) {
	k, err := openKept(ctx, dir)
	if err == nil {
		defer k.close()
		t, commit, err = k.revision(revision, paths)
	}
	if err != nil {
		return tree.Tree{}, "", fmt.Errorf("reading the revision %q: %w", revision, err)
	}
	return t, commit, nil
}

// MergeBase gives the newest commit that two revisions of a repository both build on.
func MergeBase(ctx context.Context, dir, one, other string) (commit string, err error) {
	k, err := openKept(ctx, dir)
	if err != nil {
		return "", err
	}
	defer k.close()
	var commits [2]string
	for i, revision := range []string{one, other} {
		if commits[i], err = k.commit(revision); err != nil {
			return "", fmt.Errorf("reading the revision %q: %w", revision, err)
		}
	}
	commit, err = k.mergeBase(commits[0], commits[1])
	if err != nil {
		return "", fmt.Errorf("looking for where %q and %q part: %w", one, other, err)
	}
	return commit, nil
}

func (k *kept) revision(revision string, paths []string) (tree.Tree, string, error) {
	commit, err := k.commit(revision)
	if err != nil {
		return tree.Tree{}, "", err
	}
	entries, err := k.tree(commit)
	if err != nil {
		return tree.Tree{}, "", err
	}
	t, err := k.read(entries, paths...)
	return t, commit, err
}

// read reads what stands at paths among all that Git keeps, below the directory that was asked for.
func (k *kept) read(entries []entry, paths ...string) (tree.Tree, error) {
	filter := k.filters(entries)
	files := fileSystem{kept: k, entries: make(map[string]entry, len(entries)), folders: map[string]bool{}}
	var names []string
	var unread []tree.Unread
	for _, e := range entries {
		p, ok := strings.CutPrefix(e.path, k.prefix)
		if !ok || !within(p, paths) {
			continue
		}
		e.filter = filter(e.path)
		switch {
		case e.mode == filemode.Submodule:
			unread = append(unread, tree.Unread{Path: p, Reason: "it is a submodule, which is another repository", Folder: true})
		case e.filter != "" && !k.unchanged(e):
			unread = append(unread, tree.Unread{Path: p, Reason: fmt.Sprintf("Git keeps it as its filter %q makes it", e.filter)})
		default:
			files.add(p, e)
			names = append(names, p)
		}
	}
	t, err := tree.ReadFiles(files, names)
	return t.WithUnread(unread...), err
}

// within reports whether p is one of some paths, or below one.
func within(p string, paths []string) bool {
	for _, at := range paths {
		if tree.Within(p, path.Clean(at)) {
			return true
		}
	}
	return false
}
