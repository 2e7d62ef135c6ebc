package main

import (
	"bytes"
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
)

// kills is how often each command is killed, at moments spread over the time in which it writes.
const kills = 12

// TestKilledScaffold kills the program while it makes a repository: the directory is whole afterwards, or not there.
func TestKilledScaffold(t *testing.T) {
	t.Parallel()
	p := newKilled(t, "scaffold", "--tier=small", "--author=A <a@example.org>")
	p.measure("full")
	p.finish("full")
	want := p.files("full")
	for i := range kills {
		p.kill(i, "dir")
		if !exists(filepath.Join(p.parent, "dir")) {
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

// TestKilledRegenerate kills the program while it writes a repository again: the next run makes it whole, and commits it.
func TestKilledRegenerate(t *testing.T) {
	t.Parallel()
	p := newKilled(t, "scaffold", "--author=A <a@example.org>")
	first := newKilled(t, "scaffold", "--tier=small", "--author=A <a@example.org>")
	first.parent = p.parent
	first.finish("base")
	spec, err := os.ReadFile(filepath.Join(p.parent, "base", "gitopsgen.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(spec, []byte("domain: example.org"), []byte("domain: acme.example.org"), 1)
	prepare := func(dir string) {
		if err := os.CopyFS(filepath.Join(p.parent, dir), os.DirFS(filepath.Join(p.parent, "base"))); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(p.parent, dir, "gitopsgen.yaml"), changed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	prepare("full")
	p.measure("full")
	p.finish("full")
	want := p.files("full")
	if maps.Equal(want, p.files("base")) {
		t.Fatal("the changed spec changes nothing")
	}
	for i := range kills {
		prepare("dir")
		p.kill(i, "dir")
		p.finish("dir")
		if got := p.files("dir"); !maps.Equal(got, want) {
			t.Errorf("killed after %s: got %s", p.after, difference(got, want))
		}
		p.clean("dir")
		if err := os.RemoveAll(filepath.Join(p.parent, "dir")); err != nil {
			t.Fatal(err)
		}
	}
}

// killed runs the program on directories of one parent.
type killed struct {
	t      *testing.T
	parent string
	args   []string
	env    []string
	random *rand.Rand
	// idle is how long a run takes that writes nothing, took how long the last complete one took, after how long the
	// killed one was let run.
	idle, took, after time.Duration
}

func newKilled(t *testing.T, args ...string) *killed {
	home := t.TempDir()
	env := append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home, "XDG_CONFIG_HOME="+home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	return &killed{t: t, parent: t.TempDir(), args: args, env: env, random: rand.New(rand.NewPCG(1, 2))}
}

// command is the program, which is this test's own binary under another name.
func (p *killed) command(dir string) *exec.Cmd {
	cmd := exec.Command("gitopsgen", append(slices.Clone(p.args), dir)...)
	cmd.Dir, cmd.Env = p.parent, p.env
	return cmd
}

// measure finds out how long the program takes before it writes.
func (p *killed) measure(dir string) {
	p.t.Helper()
	dry := *p
	dry.args = append(slices.Clone(p.args), "--dry-run")
	dry.finish(dir)
	p.idle = dry.took
}

// finish runs the program to its end.
func (p *killed) finish(dir string) {
	p.t.Helper()
	start := time.Now()
	if out, err := p.command(dir).CombinedOutput(); err != nil {
		p.t.Fatalf("killed after %s, then: %v\n%s", p.after, err, out)
	}
	p.took = time.Since(start)
}

// kill runs the program and kills it in the i-th part of the time in which it writes.
func (p *killed) kill(i int, dir string) {
	p.t.Helper()
	p.after = p.idle + time.Duration((float64(i)+p.random.Float64())/kills*float64(max(0, p.took-p.idle)))
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
		cmd.Dir, cmd.Env = filepath.Join(p.parent, dir), p.env
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

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
