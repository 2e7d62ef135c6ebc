package gitrepo

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo/gittest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

var ada = Commit{Message: "Change", Author: Identity{"Ada", "ada@example.org"}, Branch: "trunk"}

// committed lists what the last commit changed.
func committed(t *testing.T, dir string) string {
	t.Helper()
	return gittest.Run(t, dir, "-c", "core.quotePath=off", "log", "-1", "--format=", "--name-status", "--no-renames")
}

func newTree(t *testing.T, files map[string]string) tree.Tree {
	t.Helper()
	var all []tree.File
	for _, c := range changesOf(nil, files) {
		all = append(all, c.File)
	}
	made, err := tree.New(all...)
	must(t, err)
	return made
}

func TestCreate(t *testing.T) {
	gittest.Isolate(t)
	files := map[string]string{"a": "x", "deep/er/b c": "!y", "ü": "z", ".gitignore": "*.tmp\n"}
	parent := t.TempDir()
	must(t, os.Mkdir(filepath.Join(parent, "empty"), 0o755))
	must(t, os.Symlink("empty", filepath.Join(parent, "link")))
	for _, name := range []string{"new", "a/b/new", "empty", "link", "with space"} {
		dir := filepath.Join(parent, name)
		must(t, os.RemoveAll(filepath.Join(parent, "empty", ".git")))
		if name == "link" {
			must(t, os.RemoveAll(filepath.Join(parent, "empty")))
			must(t, os.Mkdir(filepath.Join(parent, "empty"), 0o755))
		}
		left := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+unfinished) // of an earlier run
		must(t, os.MkdirAll(left, 0o755))
		must(t, os.WriteFile(filepath.Join(left, "stale"), nil, 0o644))
		hash, err := Create(t.Context(), dir, newTree(t, files), ada)
		must(t, err)
		if got, want := gittest.Run(t, dir, "log", "--format=%H %an <%ae> %cn %s %D"), hash+" Ada <ada@example.org> Ada Change HEAD -> trunk"; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
		if got := gittest.Run(t, dir, "status", "--porcelain"); got != "" {
			t.Errorf("%s: got the status %s, want a clean one", name, got)
		}
		gittest.Run(t, dir, "fsck", "--strict")
		if got := gittest.Run(t, dir, "ls-files", "--stage", "deep"); !strings.HasPrefix(got, "100755 ") {
			t.Errorf("%s: got %s, want a file that may be run", name, got)
		}
		if _, err := os.Lstat(left); err == nil && name != "link" {
			t.Errorf("%s: what an earlier run left is there still", name)
		}
	}
	if info, err := os.Lstat(filepath.Join(parent, "link")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("got %v, %v, want the link kept", info, err)
	}
}

func TestCreateLeavesWhatIsThere(t *testing.T) {
	gittest.Isolate(t)
	dir := t.TempDir()
	gittest.Put(t, dir, map[string]string{"mine": "x"})
	if _, err := Create(t.Context(), dir, newTree(t, map[string]string{"a": "x"}), ada); err == nil {
		t.Error("got no error for a directory that is not empty")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Create(stopped, filepath.Join(dir, "new"), newTree(t, map[string]string{"a": "x"}), ada); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	for _, at := range []string{dir, filepath.Dir(dir)} {
		if left, _ := filepath.Glob(filepath.Join(at, "*"+unfinished)); len(left) > 0 {
			t.Errorf("got %q left", left)
		}
	}
	if got := contents(t, dir); !maps.Equal(got, map[string]string{"mine": "x"}) {
		t.Errorf("got %q, want what was there", got)
	}
}

func TestUpdateCommitsExactlyItsChanges(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"changed": "old", "gone": "old", "mine": "old", "staged": "old", "ä b": "old", "with": "old", ".gitignore": "ignored\n"})
	gittest.Put(t, dir, map[string]string{"mine": "edited", "staged": "edited", "new of mine": "x", "with": "edited", "unborn": "x"})
	gittest.Run(t, dir, "add", "staged")
	c := ada
	c.With = []string{"with", "never there"}
	changes := []Change{
		{File: tree.File{Path: "changed", Data: []byte("new")}}, {File: tree.File{Path: "ä b", Data: []byte("new"), Executable: true}},
		{File: tree.File{Path: "in/here", Data: []byte("new")}}, {File: tree.File{Path: "ignored", Data: []byte("new")}},
		{File: tree.File{Path: "gone"}, Remove: true}, {File: tree.File{Path: "unborn"}, Remove: true},
	}
	hash, err := Update(t.Context(), dir, changes, c)
	must(t, err)
	if got := gittest.Run(t, dir, "log", "-1", "--format=%H %an %cn %s"); got != hash+" Ada Ada Change" {
		t.Errorf("got %s, want %s by Ada", got, hash)
	}
	if got, want := committed(t, dir), "M\tchanged\nD\tgone\nA\tignored\nA\tin/here\nM\twith\nM\tä b"; got != want {
		t.Errorf("got the commit\n%s\nwant\n%s", got, want)
	}
	if got, want := gittest.Run(t, dir, "status", "--porcelain"), " M mine\nM  staged\n?? \"new of mine\""; got != want {
		t.Errorf("got the status\n%s\nwant\n%s", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "unborn")); err == nil {
		t.Error("the file that was never committed is there still")
	}
	again, err := Update(t.Context(), dir, changes, c)
	if err != nil || again != hash {
		t.Errorf("the same again: got %s, %v, want the same commit", again, err)
	}
	c.Skip = true
	if hash, err := Update(t.Context(), dir, []Change{{File: tree.File{Path: "changed", Data: []byte("newer")}}}, c); hash != "" || err != nil {
		t.Errorf("without a commit: got %q, %v", hash, err)
	}
	if got := contents(t, dir); got["changed"] != "newer" {
		t.Errorf("without a commit: got %q, want it written", got["changed"])
	}
}

func TestUpdateWhereNothingIsCommittedYet(t *testing.T) {
	gittest.Isolate(t)
	for _, objects := range []string{"sha1", "sha256"} {
		dir := t.TempDir()
		gittest.Run(t, dir, "init", "--quiet", "--object-format="+objects)
		gittest.Put(t, dir, map[string]string{"mine": "x", "gone": "x"})
		gittest.Run(t, dir, "add", "--all")
		_, err := Update(t.Context(), dir, []Change{{File: tree.File{Path: "new", Data: []byte("x")}}, {File: tree.File{Path: "gone"}, Remove: true}}, ada)
		must(t, err)
		if got := committed(t, dir); got != "A\tnew" {
			t.Errorf("%s: got the commit %s, want only the new file", objects, got)
		}
		if got := gittest.Run(t, dir, "status", "--porcelain"); got != "A  mine" {
			t.Errorf("%s: got the status %s, want the user's own file staged", objects, got)
		}
	}
}

func TestUpdateMakesARepository(t *testing.T) {
	gittest.Isolate(t)
	dir := t.TempDir()
	gittest.Put(t, dir, map[string]string{"mine": "x", unfinished + "/.git/config": "of an earlier run"})
	_, err := Update(t.Context(), dir, changesOf(nil, map[string]string{"a": "x"}), ada)
	must(t, err)
	if got := gittest.Run(t, dir, "log", "--format=%D", "--name-only"); got != "HEAD -> trunk\n\na" {
		t.Errorf("got %q", got)
	}
	if got := gittest.Run(t, dir, "status", "--porcelain"); got != "?? mine" {
		t.Errorf("got the status %s", got)
	}
}

func TestUpdateInAFolderOfARepository(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"a": "x", "sub/a": "x", "sub/b": "x"})
	gittest.Put(t, dir, map[string]string{"a": "mine"})
	sub := filepath.Join(dir, "sub")
	_, err := Update(t.Context(), sub, changesOf(map[string]string{"a": "x", "b": "x"}, map[string]string{"a": "y"}), ada)
	must(t, err)
	if got := committed(t, dir); got != "M\tsub/a\nD\tsub/b" {
		t.Errorf("got the commit %s", got)
	}
}

func TestUpdateInALinkedWorkTree(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"a": "x"})
	linked := filepath.Join(t.TempDir(), "linked")
	gittest.Run(t, dir, "worktree", "add", "--quiet", "-b", "other", linked)
	if urls := Remotes(linked); len(urls) > 0 {
		t.Errorf("got the remotes %v", urls)
	}
	gittest.Run(t, dir, "remote", "add", "origin", "https://git.example.org/a.git")
	if urls := Remotes(linked); len(urls) != 1 || urls[0] != "https://git.example.org/a.git" {
		t.Errorf("got the remotes %v", urls)
	}
	j := open(t, linked)
	must(t, j.write(t.Context(), changesOf(nil, map[string]string{"b": "x"}), ada))
	if finished, err := Recover(linked); !finished || err != nil {
		t.Errorf("got %t, %v", finished, err)
	}
	if got := committed(t, linked); got != "A\tb" {
		t.Errorf("got the commit %s", got)
	}
	_, err := Update(t.Context(), linked, changesOf(nil, map[string]string{"a": "y", "b": "x"}), ada)
	must(t, err)
	if got := committed(t, linked); got != "M\ta" {
		t.Errorf("got the commit %s", got)
	}
	if got := contents(t, linked); len(got) != 3 {
		t.Errorf("got %q, want a, b and .git", got)
	}
}

// TestRecoverCommits is killed before, between and after the commands of git, and leaves what the user did since.
func TestRecoverCommits(t *testing.T) {
	gittest.Isolate(t)
	files := map[string]string{"changed": "old", "gone": "old", "spec": "old", "mine": "old", "later": "old"}
	for _, c := range []struct {
		name string
		kill func(t *testing.T, dir string)
		want string
	}{
		{"nothing staged", func(*testing.T, string) {}, "M\tchanged\nD\tgone\nM\tlater\nA\tnew\nM\tspec"},
		{"some staged", func(t *testing.T, dir string) { gittest.Run(t, dir, "add", "changed", "gone") }, "M\tchanged\nD\tgone\nM\tlater\nA\tnew\nM\tspec"},
		{"committed", func(t *testing.T, dir string) {
			gittest.Run(t, dir, "add", "changed", "gone", "spec", "later", "new")
			gittest.Run(t, dir, "commit", "--quiet", "--message=Change")
		}, "M\tchanged\nD\tgone\nM\tlater\nA\tnew\nM\tspec"},
		{"edited since", func(t *testing.T, dir string) {
			gittest.Put(t, dir, map[string]string{"later": "later", "spec": "later", "gone": "later"})
		}, "M\tchanged\nA\tnew"},
	} {
		dir := gittest.Commit(t, files)
		gittest.Put(t, dir, map[string]string{"mine": "edited", "spec": "new"})
		change := ada
		change.With = []string{"spec"}
		j := open(t, dir)
		to := map[string]string{"changed": "new", "later": "new", "new": "new", "spec": "old", "mine": "old"}
		must(t, j.write(t.Context(), changesOf(files, to), change))
		if left, err := j.replay(); len(left) > 0 || err != nil {
			t.Fatal(left, err)
		}
		c.kill(t, dir)
		if finished, err := Recover(dir); !finished || err != nil {
			t.Errorf("%s: got %t, %v", c.name, finished, err)
		}
		if got := committed(t, dir); got != c.want {
			t.Errorf("%s: got the commit\n%s\nwant\n%s", c.name, got, c.want)
		}
		if got := gittest.Run(t, dir, "diff", "--name-only", "--", "mine"); got != "mine" {
			t.Errorf("%s: the user's own edit is gone", c.name)
		}
	}
}

// TestUpdateTellsWhatAHookSays has the user's own check refuse the commit.
func TestUpdateTellsWhatAHookSays(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"a": "x"})
	gittest.Put(t, dir, map[string]string{".git/hooks/pre-commit": "!#!/bin/sh\necho 'a is ugly' >&2\nexit 1\n"})
	_, err := Update(t.Context(), dir, changesOf(nil, map[string]string{"a": "y"}), ada)
	want := "the files are written, not committed: git commit: a is ugly\n    mend that, then commit them with git commit"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := gittest.Run(t, dir, "status", "--porcelain"); got != "M  a" {
		t.Errorf("got the status %s, want the file staged", got)
	}
	if finished, err := Recover(dir); finished || err != nil {
		t.Errorf("got %t, %v, want nothing to finish", finished, err)
	}
}

// TestUpdateWaitsForAnotherGit has another git hold the index while its hook runs, and commit the same.
func TestUpdateWaitsForAnotherGit(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{"a": "x"})
	gittest.Put(t, dir, map[string]string{"a": "y", ".git/hooks/pre-commit": "!#!/bin/sh\necho ready\nread go\nexit 0\n"})
	other := exec.Command("git", "-c", "user.name=User", "-c", "user.email=user@example.org", "commit", "--all", "--message=Other")
	other.Dir = dir
	in, err := other.StdinPipe()
	must(t, err)
	out, err := other.StderrPipe() // where hooks write
	must(t, err)
	must(t, other.Start())
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(patience/10, func() { in.Close() })
	defer timer.Stop()
	_, err = Update(t.Context(), dir, changesOf(nil, map[string]string{"a": "y"}), ada)
	must(t, err)
	must(t, other.Wait())
	if got := gittest.Run(t, dir, "log", "--format=%s"); got != "Other\nFirst" {
		t.Errorf("got the commits %q, want the other one only", got)
	}
}

// TestUpdateKeepsSecretsSecret has a filter such as git-crypt's between the files and what is committed.
func TestUpdateKeepsSecretsSecret(t *testing.T) {
	gittest.Isolate(t)
	dir := gittest.Commit(t, map[string]string{".gitattributes": "secret filter=x\n"})
	gittest.Run(t, dir, "config", "filter.x.clean", "tr a-z A-Z")
	gittest.Run(t, dir, "config", "filter.x.smudge", "tr A-Z a-z")
	gittest.Run(t, dir, "config", "filter.x.required", "true")
	_, err := Update(t.Context(), dir, changesOf(nil, map[string]string{"secret": "hidden"}), ada)
	must(t, err)
	if got := gittest.Run(t, dir, "show", "HEAD:secret"); got != "HIDDEN" {
		t.Errorf("got %q committed, want what the filter makes of it", got)
	}
	if got := gittest.Run(t, dir, "status", "--porcelain"); got != "" {
		t.Errorf("got the status %s", got)
	}
}

// TestUpdateMindsItsOwnRepository runs where a hook of another repository would run it.
func TestUpdateMindsItsOwnRepository(t *testing.T) {
	gittest.Isolate(t)
	dir, other := gittest.Commit(t, map[string]string{"a": "x"}), gittest.Commit(t, map[string]string{"b": "x"})
	before := gittest.Run(t, other, "rev-parse", "HEAD")
	_, err := func() (string, error) {
		t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
		t.Setenv("GIT_WORK_TREE", other)
		t.Setenv("GIT_INDEX_FILE", filepath.Join(other, ".git", "index"))
		defer func() {
			for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"} {
				os.Unsetenv(name)
			}
		}()
		return Update(t.Context(), dir, changesOf(nil, map[string]string{"a": "y"}), ada)
	}()
	must(t, err)
	if got := committed(t, dir); got != "M\ta" {
		t.Errorf("got the commit %s", got)
	}
	if got := gittest.Run(t, other, "rev-parse", "HEAD"); got != before {
		t.Error("the other repository has another commit")
	}
}

func TestConfigured(t *testing.T) {
	config := gittest.Isolate(t)
	place, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	work := filepath.Join(place, "work")
	must(t, os.WriteFile(config, []byte("[user]\n\tname = Home\n\temail = home@example.org\n[includeIf \"gitdir:"+work+"/\"]\n\tpath = "+config+".work\n"), 0o644))
	must(t, os.WriteFile(config+".work", []byte("[user]\n\temail = work@example.org\n"), 0o644))
	must(t, os.Mkdir(work, 0o755))
	must(t, os.Mkdir(filepath.Join(work, "empty"), 0o755))
	gittest.Run(t, place, "init", "--quiet", "work/there")
	gittest.Run(t, place, "init", "--quiet", "there")
	gittest.Run(t, filepath.Join(work, "there"), "config", "user.name", "There")
	for dir, want := range map[string]Identity{
		"there": {"Home", "home@example.org"}, "new": {"Home", "home@example.org"}, "there/new/er": {"Home", "home@example.org"},
		"work/there": {"There", "work@example.org"}, "work/new": {"Home", "work@example.org"}, "work/new/er": {"Home", "work@example.org"},
		"work/empty": {"Home", "work@example.org"}, "work/there/new": {"Home", "work@example.org"},
	} {
		if got := Configured(filepath.Join(place, dir)); got != want {
			t.Errorf("%s: got %v, want %v", dir, got, want)
		}
	}
	entries, err := os.ReadDir(work)
	if err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v, want nothing left", entries, err)
	}
	must(t, os.WriteFile(config, nil, 0o644))
	if got := Configured(filepath.Join(place, "new")); got.Complete() {
		t.Errorf("got %v without any configuration", got)
	}
}

func TestParseIdentity(t *testing.T) {
	if got, err := ParseIdentity("Ada Lovelace <ada@example.org>"); err != nil || got != (Identity{"Ada Lovelace", "ada@example.org"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "Ada", "ada@example.org", "<ada@example.org>", "Ada <ada"} {
		if got, err := ParseIdentity(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

func TestRead(t *testing.T) {
	gittest.Isolate(t)
	outside := t.TempDir()
	gittest.Put(t, outside, map[string]string{"secret": "x"})
	dir := t.TempDir()
	gittest.Run(t, dir, "init", "--quiet")
	gittest.Put(t, dir, map[string]string{
		".gitignore": "# what\n*.tmp\n/build/\n!keep.tmp\n", ".git/info/exclude": "excluded\n", "a.tmp": "", "keep.tmp": "x", "build/a": "", "excluded": "",
		"a/build/b": "x", "a/b/c/d/one/.gitignore": "/x\n", "a/b/c/d/two/.gitignore": "/y\r\n",
		"a/b/c/d/one/x": "", "a/b/c/d/one/y": "x", "a/b/c/d/two/x": "x", "a/b/c/d/two/y": "", "run": "!x",
		"nested/.git/config": "", "nested/file": "x", "sub/.git": "gitdir: elsewhere", "build/.gitignore": "!*\n", "with space/ü": "x",
	})
	for from, to := range map[string]string{"inside": "run", "a/up": "../run", "out": filepath.Join(outside, "secret"), "folder": "a", "nowhere": "gone"} {
		must(t, os.Symlink(to, filepath.Join(dir, from)))
	}
	got, err := Read(dir)
	must(t, err)
	want := []string{
		".gitignore", "a/b/c/d/one/.gitignore", "a/b/c/d/one/y", "a/b/c/d/two/.gitignore", "a/b/c/d/two/x", "a/build/b", "a/up", "inside",
		"keep.tmp", "nested/file", "run", "with space/ü",
	}
	var paths []string
	for _, f := range got.Files() {
		paths = append(paths, f.Path)
	}
	if strings.Join(paths, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(paths, "\n"), strings.Join(want, "\n"))
	}
	if f, _ := got.File("a/up"); string(f.Data) != "x" || !f.Executable {
		t.Errorf("got %q, %t, want the file that the link leads to", f.Data, f.Executable)
	}
	below, err := Read(filepath.Join(dir, "a", "b"))
	must(t, err)
	if n := len(below.Files()); n != 4 {
		t.Errorf("got %d files below a/b, want the 4 that the whole repository has there", n)
	}
	gittest.Put(t, dir, map[string]string{"a/b/x.tmp": ""})
	if below, err = Read(filepath.Join(dir, "a", "b")); err != nil || len(below.Files()) != 4 {
		t.Errorf("got %d files, %v, want what the repository's root ignores left out", len(below.Files()), err)
	}
	if _, err := Read(filepath.Join(dir, "nowhere")); err == nil || !strings.HasPrefix(err.Error(), "reading ") {
		t.Errorf("got %v", err)
	}
}

// TestReadGivesWhatWasWritten writes a tree and reads it back.
func TestReadGivesWhatWasWritten(t *testing.T) {
	gittest.Isolate(t)
	files := map[string]string{"a": "x", "b/c": "!y", "ü/with space": "", "b.d": "z"}
	dir := filepath.Join(t.TempDir(), "new")
	must(t, Write(t.Context(), dir, newTree(t, files)))
	got, err := Read(dir)
	must(t, err)
	read := map[string]string{}
	for _, f := range got.Files() {
		mark := ""
		if f.Executable {
			mark = "!"
		}
		read[f.Path] = mark + string(f.Data)
	}
	if !maps.Equal(read, files) {
		t.Errorf("got %q, want %q", read, files)
	}
	if err := Write(t.Context(), dir, got); err == nil {
		t.Error("got no error for a directory that is not empty")
	}
}

// TestReplace states that all changes are there afterwards and nothing else, in a folder that is no repository.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) Change {
		return Change{File: tree.File{Path: path, Data: []byte(text)}}
	}
	if err := Replace(dir, []Change{write("a/b", "1"), write("a/c", "1"), write("d/e/f", "1")}); err != nil {
		t.Fatal(err)
	}
	remove := func(path string) Change {
		return Change{File: tree.File{Path: path}, Remove: true}
	}
	for range 2 { // the second time there is nothing to do
		if err := Replace(dir, []Change{write("a/b", "2"), remove("d/e/f"), remove("nowhere/g")}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := tree.Read(os.DirFS(dir), nil)
	if err != nil || len(got.Files()) != 2 {
		t.Fatalf("got %v, %v, want a/b and a/c", got.Files(), err)
	}
	if b, _ := got.File("a/b"); string(b.Data) != "2" {
		t.Errorf("a/b: got %q, want 2", b.Data)
	}
	if _, err := os.Stat(filepath.Join(dir, "d")); err == nil {
		t.Error("the empty folder d is still there")
	}
	if err := Replace(dir, []Change{write("../x", "")}); err == nil {
		t.Error("got no error for a path that leads out of the folder")
	}
	if err := Replace(filepath.Join(dir, "nowhere"), nil); err == nil {
		t.Error("got no error for a folder that is not there")
	}
}
