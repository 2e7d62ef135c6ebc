package gitrepo

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// writerMode asks this test's own binary to write, and to be killed at it: what is to be written.
const writerMode = "GITOPSGEN_TEST_WRITE"

func TestMain(m *testing.M) {
	version := os.Getenv(writerMode)
	if version == "" {
		os.Exit(m.Run())
	}
	if err := writeVersion(version, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// versionOf is a tree: of two versions some files are the same, others differ, and some are in one alone.
func versionOf(version string) (tree.Tree, error) {
	var files []tree.File
	for i := range 150 {
		text := fmt.Sprintf("file: %d\n", i)
		switch {
		case i%3 == 0:
			text += "version: " + version + "\n" + strings.Repeat(version+"\n", i)
		case i%10 == 1 && version == "1", i%10 == 2 && version == "2":
			continue
		}
		files = append(files, tree.File{Path: fmt.Sprintf("%d/%d.yaml", i%7, i), Data: []byte(text), Executable: i%50 == 0})
	}
	return tree.New(files...)
}

// writeVersion makes a directory hold a version, as scaffold does: it finishes what is left of an earlier run, then creates the
// repository, or changes what differs.
func writeVersion(version, dir string) error {
	want, err := versionOf(version)
	if err != nil {
		return err
	}
	c := Commit{Message: version, Author: Identity{"A", "a@example.org"}, Branch: "main"}
	if _, err := os.Lstat(dir); err != nil {
		_, err = Create(context.Background(), dir, want, c)
		return err
	}
	if _, err := Recover(dir); err != nil {
		return err
	}
	have, err := Read(dir)
	if err != nil {
		return err
	}
	changes := Differing(have, want.Files()...)
	for _, f := range have.Files() {
		if _, ok := want.File(f.Path); !ok {
			changes = append(changes, Change{File: f, Remove: true})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	_, err = Update(context.Background(), dir, changes, c)
	return err
}

// killings is how often each writing is killed, at moments spread over the time that it takes.
const killings = 12

// TestKilledCreate killings a process while it makes a repository: the directory is whole afterwards, or not there.
func TestKilledCreate(t *testing.T) {
	t.Parallel()
	p := newKilled(t, "1")
	p.finish("full")
	want := p.files("full")
	for i := range killings {
		p.kill(i, "dir")
		if _, err := os.Lstat(filepath.Join(p.parent, "dir")); err != nil {
			continue
		}
		if got := p.files("dir"); !maps.Equal(got, want) {
			t.Errorf("killed after %s: got %s", p.after, difference(got, want))
		}
		p.clean("dir")
		if err := os.RemoveAll(filepath.Join(p.parent, "dir")); err != nil {
			t.Fatal(err)
		}
	}
	p.finish("dir")
	if got := p.files("dir"); !maps.Equal(got, want) {
		t.Errorf("got %s", difference(got, want))
	}
	entries, err := os.ReadDir(p.parent)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "dir" && e.Name() != "full" {
			t.Errorf("%s is left beside the repository", e.Name())
		}
	}
}

// TestKilledUpdate killings a process while it writes a repository again: the next one makes it whole, and commits it.
func TestKilledUpdate(t *testing.T) {
	t.Parallel()
	first, p := newKilled(t, "1"), newKilled(t, "2")
	first.parent = p.parent
	first.finish("base")
	prepare := func(dir string) {
		if err := os.CopyFS(filepath.Join(p.parent, dir), os.DirFS(filepath.Join(p.parent, "base"))); err != nil {
			t.Fatal(err)
		}
	}
	prepare("full")
	p.finish("full")
	want := p.files("full")
	if maps.Equal(want, p.files("base")) {
		t.Fatal("the versions are the same")
	}
	halfway := 0
	for i := range killings {
		prepare("dir")
		p.kill(i, "dir")
		if got := p.files("dir"); !maps.Equal(got, want) && !maps.Equal(got, p.files("base")) {
			halfway++
		}
		p.finish("dir")
		if got := p.files("dir"); !maps.Equal(got, want) {
			t.Errorf("killed after %s: got %s", p.after, difference(got, want))
		}
		p.clean("dir")
		if err := os.RemoveAll(filepath.Join(p.parent, "dir")); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d were killed halfway", halfway, killings)
}

// killed lets processes write a version into directories of one parent.
type killed struct {
	t       *testing.T
	parent  string
	version string
	random  *rand.Rand
	// took is how long the last complete one took, after how long the killed one was let run.
	took, after time.Duration
}

func newKilled(t *testing.T, version string) *killed {
	return &killed{t: t, parent: t.TempDir(), version: version, random: rand.New(rand.NewPCG(1, 2))}
}

func (p *killed) command(dir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(self, dir)
	home := p.t.TempDir()
	cmd.Env = append(os.Environ(), writerMode+"="+p.version, "HOME="+home, "XDG_CONFIG_HOME="+home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	cmd.Dir = p.parent
	return cmd
}

// finish lets a process write to its end.
func (p *killed) finish(dir string) {
	p.t.Helper()
	start := time.Now()
	if out, err := p.command(dir).CombinedOutput(); err != nil {
		p.t.Fatalf("killed after %s, then: %v\n%s", p.after, err, out)
	}
	p.took = time.Since(start)
}

// kill killings a process in the i-th part of the time that it takes.
func (p *killed) kill(i int, dir string) {
	p.t.Helper()
	p.after = time.Duration((float64(i) + p.random.Float64()) / killings * float64(p.took))
	cmd := p.command(dir)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	timer := time.AfterFunc(p.after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait() // an error says that it was killed
}

// files are the contents of a directory by path, without Git's own.
func (p *killed) files(dir string) map[string]string {
	p.t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(filepath.Join(p.parent, dir)), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == ".git" {
			return fs.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(filepath.Join(p.parent, dir, path))
		files[path] = string(data)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return files
}

// clean asks Git whether a repository is sound and all of it committed.
func (p *killed) clean(dir string) {
	p.t.Helper()
	for _, args := range [][]string{{"fsck", "--strict", "--no-progress"}, {"status", "--porcelain"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = filepath.Join(p.parent, dir)
		if out, err := cmd.Output(); err != nil || len(out) > 0 {
			p.t.Errorf("killed after %s: git %s: %v\n%s", p.after, args[0], err, out)
		}
	}
}

// difference lists the paths that two directories do not agree on.
func difference(got, want map[string]string) string {
	var paths []string
	for path := range got {
		if text, there := want[path]; !there || text != got[path] {
			paths = append(paths, path)
		}
	}
	for path := range want {
		if _, there := got[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return "other files than a full run: " + strings.Join(paths, ", ")
}
