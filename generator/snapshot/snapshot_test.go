package snapshot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo/gittest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// files tells of a tree in lines.
func files(t tree.Tree) string {
	var b strings.Builder
	for _, f := range t.Files() {
		fmt.Fprintf(&b, "%s %t %q\n", f.Path, f.Executable, f.Data)
	}
	for _, u := range t.Unread() {
		fmt.Fprintf(&b, "unread %s: %s\n", u.Path, u.Reason)
	}
	return b.String()
}

// world is a repository with all that a repository can have in it.
func world(t *testing.T, init ...string) string {
	t.Helper()
	dir := t.TempDir()
	gittest.Run(t, dir, append([]string{"init", "--quiet", "--initial-branch=trunk"}, init...)...)
	gittest.Put(t, dir, map[string]string{
		"a.yaml": "a: 1\n", "a/b.yaml": "b\r\n", "a-b/c": "", "run.sh": "!#!/bin/sh\n", "deep/er/file": "x", "deep/er-still/file": "y", "ü/ :x": "z", ".hidden/f": "h",
	})
	for link, target := range map[string]string{"link": "deep/er/file", "deep/up": "../a.yaml", "folder": "deep/er", "out": "../out", "abroad": "/etc/hostname", "gone": "nowhere", "round": "round", "deep/two": "up"} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	gittest.Run(t, dir, "add", "--all")
	return dir
}

// TestReadIsTheWorkTree states that what is staged, and then committed, is read as the same files are from the work tree: by the
// library and by the user's git, in all formats of repositories and of indices, and in a linked work tree.
func TestReadIsTheWorkTree(t *testing.T) {
	for name, test := range map[string]struct {
		init  []string
		after [][]string
	}{
		"plain":       {},
		"SHA-256":     {init: []string{"--object-format=sha256"}},
		"split index": {after: [][]string{{"update-index", "--split-index"}}},
		"version 4":   {after: [][]string{{"update-index", "--index-version=4"}}},
		"without sum": {after: [][]string{{"config", "index.skipHash", "true"}, {"update-index", "--force-write-index"}}},
	} {
		t.Run(name, func(t *testing.T) {
			gittest.Isolate(t)
			dir := world(t, test.init...)
			for _, args := range test.after {
				gittest.Run(t, dir, args...)
			}
			want, err := gitrepo.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			text := files(want)
			same(t, dir, At{Staged: true}, text)
			gittest.Run(t, dir, "commit", "--quiet", "--message=All")
			gittest.Run(t, dir, "pack-refs", "--all")
			gittest.Run(t, dir, "gc", "--quiet")
			same(t, dir, At{Revision: "trunk"}, text)
			linked := filepath.Join(t.TempDir(), "linked")
			gittest.Run(t, dir, "worktree", "add", "--quiet", "--detach", linked)
			gittest.Put(t, linked, map[string]string{"a.yaml": "changed\n"})
			same(t, linked, At{Staged: true}, text)
			same(t, linked, At{Revision: "HEAD"}, text)
		})
	}
}

// same reads a state by all ways that there are.
func same(t *testing.T, dir string, at At, want string) {
	t.Helper()
	got, _, err := Read(t.Context(), dir, at)
	if err != nil {
		t.Fatalf("%+v: %v", at, err)
	}
	if files(got) != want {
		t.Errorf("%+v: got\n%swant\n%s", at, files(got), want)
	}
	k, err := openKept(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	k.library = nil
	var entries []entry
	if at.Staged {
		entries, err = k.index(at.IndexFile)
	} else if commit, unknown := k.commit(at.Revision); unknown == nil {
		entries, err = k.tree(commit)
	} else {
		err = unknown
	}
	if err != nil {
		t.Fatalf("%+v: git: %v", at, err)
	}
	if got, err = k.read(entries, "."); err != nil || files(got) != want {
		t.Errorf("%+v: git: got %v\n%swant\n%s", at, err, files(got), want)
	}
}

// TestReadStaged states that what is staged counts, whatever the work tree has since, and that another index is read where Git
// names one.
func TestReadStaged(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"a": "first", "b": "first", "sub/c": "first"})
	gittest.Put(t, dir, map[string]string{"a": "staged", "new": "staged", "sub/c": "staged"})
	gittest.Run(t, dir, "add", "--all")
	gittest.Run(t, dir, "rm", "--quiet", "--cached", "b")
	gittest.Put(t, dir, map[string]string{"a": "later", "sub/c": "later", "untracked": "x"})
	same(t, dir, At{Staged: true}, "a false \"staged\"\nnew false \"staged\"\nsub/c false \"staged\"\n")
	same(t, filepath.Join(dir, "sub"), At{Staged: true}, "c false \"staged\"\n")
	gittest.Put(t, dir, map[string]string{"intended": "x"})
	gittest.Run(t, dir, "add", "--intent-to-add", "intended") // git ls-files tells of an empty file
	if got, _, err := Read(t.Context(), dir, At{Staged: true}); err != nil || strings.Contains(files(got), "intended") {
		t.Errorf("what is only intended to be added: got %v\n%s", err, files(got))
	}
	t.Setenv("GIT_INDEX_FILE", filepath.Join(dir, ".git", "other"))
	gittest.Run(t, dir, "read-tree", "HEAD")
	t.Setenv("GIT_INDEX_FILE", "")
	same(t, dir, At{Staged: true, IndexFile: ".git/other"}, "a false \"first\"\nb false \"first\"\nsub/c false \"first\"\n")
}

// TestReadFiltered states that what Git keeps in another form is read from the work tree while that is what was staged, and is
// named else; a filter that nobody defined does nothing.
func TestReadFiltered(t *testing.T) {
	gittest.Isolate(t)
	dir := t.TempDir()
	gittest.Run(t, dir, "init", "--quiet")
	gittest.Run(t, dir, "config", "filter.rot.clean", "tr a-z b-za")
	gittest.Put(t, dir, map[string]string{".gitattributes": "secret filter=rot\nopen filter=unknown\n", "secret": "abc", "open": "abc"})
	gittest.Run(t, dir, "add", "--all")
	attributes := ".gitattributes false \"secret filter=rot\\nopen filter=unknown\\n\"\nopen false \"abc\"\n"
	got, _, err := Read(t.Context(), dir, At{Staged: true})
	if want := attributes + "secret false \"abc\"\n"; err != nil || files(got) != want {
		t.Errorf("got %v\n%swant\n%s", err, files(got), want)
	}
	gittest.Run(t, dir, "commit", "--quiet", "--message=All")
	same(t, dir, At{Revision: "HEAD"}, attributes+"unread secret: Git keeps it as its filter \"rot\" makes it\n")
}

// TestReadRefuses goes through what cannot be read.
func TestReadRefuses(t *testing.T) {
	gittest.Isolate(t)
	unborn := t.TempDir()
	gittest.Run(t, unborn, "init", "--quiet")
	whole := gittest.Commit(t, map[string]string{"a": "1"})
	gittest.Run(t, whole, "checkout", "--quiet", "-b", "other")
	gittest.Put(t, whole, map[string]string{"a": "2"})
	gittest.Run(t, whole, "commit", "--quiet", "--all", "--message=Second")
	gittest.Run(t, whole, "checkout", "--quiet", "trunk")
	gittest.Put(t, whole, map[string]string{"a": "3"})
	gittest.Run(t, whole, "commit", "--quiet", "--all", "--message=Third")
	shallow := filepath.Join(t.TempDir(), "shallow")
	gittest.Run(t, whole, "clone", "--quiet", "--depth=1", "--no-single-branch", "file://"+whole, shallow)
	if _, err := MergeBase(t.Context(), shallow, "HEAD", "origin/other"); !errors.Is(err, ErrShallow) {
		t.Errorf("a shallow clone: got %v", err)
	}
	if base, err := MergeBase(t.Context(), whole, "HEAD", "other"); err != nil || base != gittest.Run(t, whole, "rev-parse", "HEAD^1") {
		t.Errorf("got the merge base %s, %v", base, err)
	}
	if _, _, err := Read(t.Context(), unborn, At{Revision: "HEAD"}); !errors.Is(err, ErrUnborn) {
		t.Errorf("an unborn branch: got %v", err)
	}
	if _, _, err := Read(t.Context(), whole, At{Revision: "--output=x"}); !errors.Is(err, ErrNoRevision) {
		t.Errorf("an option for a revision: got %v", err)
	}
	if _, _, err := Read(t.Context(), t.TempDir(), At{Staged: true}); err == nil || !strings.Contains(err.Error(), "is in no Git repository") {
		t.Errorf("no repository: got %v", err)
	}
	conflict := whole
	gittest.Run(t, conflict, "config", "merge.conflictStyle", "merge")
	_ = merge(conflict)
	if _, _, err := Read(t.Context(), conflict, At{Staged: true}); err == nil || !strings.Contains(err.Error(), "a: it is in conflict") {
		t.Errorf("a conflict: got %v", err)
	}
}

// TestReadFetchesNothing states that what a partial clone lacks is not fetched by the way.
func TestReadFetchesNothing(t *testing.T) {
	gittest.Isolate(t)
	whole := gittest.Commit(t, map[string]string{"a": "old", "b": "1"})
	gittest.Run(t, whole, "config", "uploadpack.allowFilter", "true")
	gittest.Put(t, whole, map[string]string{"a": "2"})
	gittest.Run(t, whole, "commit", "--quiet", "--all", "--message=Second")
	partial := filepath.Join(t.TempDir(), "partial")
	gittest.Run(t, whole, "clone", "--quiet", "--filter=blob:none", "file://"+whole, partial)
	if _, _, err := Read(t.Context(), partial, At{Revision: "HEAD^"}); !errors.Is(err, ErrPartial) || !strings.Contains(err.Error(), "a: ") {
		t.Errorf("got %v, want an error about a", err)
	}
	if got, _, err := Read(t.Context(), partial, At{Staged: true}); err != nil || files(got) != "a false \"2\"\nb false \"1\"\n" {
		t.Errorf("got %v\n%s", err, files(got))
	}
}

func merge(dir string) error {
	cmd := gitrepo.Command(context.Background(), dir, "-c", "user.name=U", "-c", "user.email=u@example.org", "merge", "--quiet", "other")
	return cmd.Run()
}
