package gitrepo

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo/gittest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// before and after are a directory by path; an exclamation mark begins what may be run.
var (
	before = map[string]string{
		"same": "same", "changed": "old", "gone": "old", "deep/er/gone": "old", "deep/stays": "theirs", "run": "run",
		"file": "old", "folder/file": "old", "with space/ä b": "old",
	}
	after = map[string]string{
		"same": "same", "changed": "new", "deep/stays": "theirs", "run": "!run", "new/est/file": "new", "empty": "",
		"file/below": "new", "folder": "new", "with space/ä b": "!new",
	}
)

// changesOf lead from one directory to another.
func changesOf(from, to map[string]string) []Change {
	var changes []Change
	for _, path := range slices.Sorted(maps.Keys(to)) {
		if is, there := from[path]; !there || is != to[path] {
			data, run := strings.CutPrefix(to[path], "!")
			changes = append(changes, Change{File: tree.File{Path: path, Data: []byte(data), Executable: run}})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(from)) {
		if _, stays := to[path]; !stays {
			changes = append(changes, Change{File: tree.File{Path: path}, Remove: true})
		}
	}
	return changes
}

// populate makes a directory that looks like a repository.
func populate(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, gitDir), 0o755); err != nil {
		t.Fatal(err)
	}
	gittest.Put(t, dir, files)
	return dir
}

// contents are all files of a directory, and what is left in its .git.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mark := ""
		if info.Mode()&0o111 != 0 {
			mark = "!"
		}
		path, err := filepath.Rel(dir, at)
		files[path] = mark + string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func open(t *testing.T, dir string) *journal {
	t.Helper()
	j, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	return j
}

// kills are the states that a run may be killed in: how each is come to, and what the next run makes of it.
func kills(t *testing.T) map[string]func(t *testing.T, dir string) (want map[string]string) {
	t.Helper()
	changes := changesOf(before, after)
	write := func(t *testing.T, dir string) *journal {
		j := open(t, dir)
		if err := j.write(t.Context(), changes, Commit{Skip: true}); err != nil {
			t.Fatal(err)
		}
		return j
	}
	states := map[string]func(t *testing.T, dir string) map[string]string{
		"nothing": func(*testing.T, string) map[string]string { return before },
	}
	dir := populate(t, before)
	j := write(t, dir)
	p, err := j.read(planFile)
	if err != nil {
		t.Fatal(err)
	}
	plan := p.Steps
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	for n := range entries {
		states[fmt.Sprintf("%d contents and no plan", n)] = func(t *testing.T, dir string) map[string]string {
			j := write(t, dir)
			must(t, os.Rename(filepath.Join(j.dir, planFile), filepath.Join(j.dir, planFile+unfinished)))
			for _, e := range entries[n:] {
				must(t, os.RemoveAll(filepath.Join(j.dir, e.Name())))
			}
			return before
		}
		states[fmt.Sprintf("done and %d contents", n)] = func(t *testing.T, dir string) map[string]string {
			j := write(t, dir)
			if left, err := j.replay(); err != nil || len(left) > 0 {
				t.Fatal(left, err)
			}
			for _, e := range entries[n:] {
				must(t, os.RemoveAll(filepath.Join(j.dir, e.Name())))
			}
			return after
		}
	}
	for n := range len(plan) + 1 {
		apply := func(t *testing.T, dir string) {
			j := write(t, dir)
			for _, s := range plan[:n] {
				if ours, err := j.do(s); err != nil || !ours {
					t.Fatal(s.Path, ours, err)
				}
			}
		}
		states[fmt.Sprintf("%d steps", n)] = func(t *testing.T, dir string) map[string]string {
			apply(t, dir)
			return after
		}
		if n == len(plan) {
			continue
		}
		states[fmt.Sprintf("%d steps and a half", n)] = func(t *testing.T, dir string) map[string]string {
			apply(t, dir)
			at := filepath.Join(dir, plan[n].Path)
			if plan[n].Is == "" { // removed, its folder not yet
				must(t, os.Remove(at))
				return after
			}
			must(t, os.MkdirAll(filepath.Dir(at), 0o755))
			must(t, os.WriteFile(at+unfinished, []byte("ne"), 0o600))
			return after
		}
	}
	return states
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecoverAfterEveryKill goes through all states that a killed run leaves: the next one finds the old files or makes the
// new ones, and nothing in between.
func TestRecoverAfterEveryKill(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for name, kill := range kills(t) {
		t.Run(name, func(t *testing.T) {
			dir := populate(t, before)
			want := kill(t, dir)
			finished, err := Recover(dir)
			if err != nil {
				t.Fatal(err)
			}
			if wrote := maps.Equal(want, after); finished != wrote {
				t.Errorf("got finished %t, want %t", finished, wrote)
			}
			if got := contents(t, dir); !maps.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if finished, err := Recover(dir); finished || err != nil {
				t.Errorf("another Recover: got %t, %v, want nothing to do", finished, err)
			}
		})
	}
}

// TestRecoverLeavesWhatSomebodyChanged changes each file, and takes it away, in each state.
func TestRecoverLeavesWhatSomebodyChanged(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	states := kills(t)
	for name, kill := range states {
		if !strings.HasSuffix(name, " steps") {
			continue
		}
		for _, c := range changesOf(before, after) {
			path := c.File.Path
			dir := populate(t, before)
			want := maps.Clone(kill(t, dir))
			if info, err := os.Stat(filepath.Join(dir, filepath.Dir(path))); err == nil && !info.IsDir() {
				continue // not before the step that makes room for it
			}
			if os.RemoveAll(filepath.Join(dir, path)) != nil {
				continue
			}
			gittest.Put(t, dir, map[string]string{path: "mine"})
			finished, err := Recover(dir)
			if !finished || err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%s, %s changed: got %t, %v, want an error that names it", name, path, finished, err)
			}
			for p := range want {
				if strings.HasPrefix(p, path+"/") {
					delete(want, p) // no room for it
				}
			}
			want[path] = "mine"
			if above, _, below := strings.Cut(path, "/"); below && want[above] != "" {
				delete(want, above)
			}
			if got := contents(t, dir); !maps.Equal(got, want) {
				t.Errorf("%s, %s changed:\ngot  %q\nwant %q", name, path, got, want)
			}
			if finished, err := Recover(dir); finished || err != nil {
				t.Errorf("%s, %s changed, another Recover: got %t, %v, want nothing to do", name, path, finished, err)
			}
		}
	}
}

// TestWritingStaysInside makes a folder on the way a link that leads out.
func TestWritingStaysInside(t *testing.T) {
	dir, outside := populate(t, before), t.TempDir()
	must(t, os.Symlink(outside, filepath.Join(dir, "new")))
	j := open(t, dir)
	if err := j.write(t.Context(), changesOf(before, after), Commit{Skip: true}); err == nil || !strings.Contains(err.Error(), "new/est/file") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if got := contents(t, outside); len(got) > 0 {
		t.Errorf("got %q outside", got)
	}
}
