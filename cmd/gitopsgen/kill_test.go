package main

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// killsVariable is how often an upgrade is killed; seedVariable makes the moments others.
const (
	killsVariable = "GITOPSGEN_KILLS"
	seedVariable  = "GITOPSGEN_SEED"
)

// TestKilledUpgrade kills upgrades of a repository that its users edited, at moments spread over the time that one takes. What stands there
// afterwards is what was there or what an upgrade makes of it, or status says that a write is unfinished; and the next upgrade makes it
// whole, with all edits, and one commit.
func TestKilledUpgrade(t *testing.T) {
	k := newKilling(t)
	base := k.files("base")
	k.copy("base", "full")
	k.upgrade("full")
	full, tree := k.files("full"), k.git("full", "rev-parse", "HEAD^{tree}")
	if maps.Equal(base, full) {
		t.Fatal("an upgrade changes nothing")
	}
	halfway, unfinished := 0, 0
	kills := number(killsVariable, 4)
	for i := range kills {
		k.copy("base", "dir")
		k.kill(i, kills)
		is := k.files("dir")
		waits := strings.Contains(k.run("dir", "status", "--format=json"), `"unfinished": true`)
		if waits {
			unfinished++
		}
		if !maps.Equal(is, base) && !maps.Equal(is, full) {
			if halfway++; !waits {
				t.Errorf("killed after %s: half of it is written, and status says nothing", k.after)
			}
		}
		k.upgrade("dir")
		if is := k.files("dir"); !maps.Equal(is, full) {
			t.Errorf("killed after %s: the next upgrade makes something else of it", k.after)
		}
		if got := k.git("dir", "rev-parse", "HEAD^{tree}"); got != tree {
			t.Errorf("killed after %s: another tree is committed", k.after)
		}
		if got := k.git("dir", "rev-list", "--count", "HEAD"); got != "3" {
			t.Errorf("killed after %s: %s commits, want 3", k.after, got)
		}
		for _, args := range [][]string{{"fsck", "--strict", "--no-progress"}, {"status", "--porcelain"}} {
			if out := k.git("dir", args...); out != "" {
				t.Errorf("killed after %s: git %s: %s", k.after, args[0], out)
			}
		}
		if err := os.RemoveAll(filepath.Join(k.parent, "dir")); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("killed %d upgrades of about %s: %d left something to finish, %d of them half of the files", kills, k.took, unfinished, halfway)
}

// killing runs upgrades in directories of one parent.
type killing struct {
	*testing.T
	parent string
	random *rand.Rand
	// took is how long one takes that is not killed, after how long the last one was let run.
	took, after time.Duration
}

// newKilling makes a repository, base, with edits, moves, deletions and files of its users' own, and something to upgrade to.
func newKilling(t *testing.T) *killing {
	t.Helper()
	k := &killing{T: t, parent: t.TempDir(), random: rand.New(rand.NewPCG(uint64(number(seedVariable, 1)), 0))}
	k.run(".", "scaffold", "--offline", "--tier=small", "base")
	replace := func(file, old, now string) {
		at := filepath.Join(k.parent, "base", filepath.FromSlash(file))
		text, err := os.ReadFile(at)
		if err == nil && !strings.Contains(string(text), old) {
			t.Fatalf("%s has no %q", file, old)
		}
		if err == nil {
			err = os.WriteFile(at, []byte(strings.Replace(string(text), old, now, 1)), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	components := "clusters/prod/components/"
	replace(components+"metrics-server/values.yaml", "replicas: 1", "replicas: 4 # ours")
	replace(components+"traefik/kustomization.yaml", "valuesFile: values.yaml", "valuesFile: ours.yaml")
	replace("README.md", "\n", "\nOurs.\n")
	k.git("base", "mv", components+"traefik/values.yaml", components+"traefik/ours.yaml")
	k.git("base", "rm", "-q", ".pre-commit-config.yaml")
	replace("gitopsgen.yaml", "domain: ", "domain: acme.")
	replace("gitopsgen.yaml", "ingress: traefik", "ingress: contour")
	replace("gitopsgen.yaml", "  - name: prod\n", "  - name: prod\n  - {name: edge, server: 'https://edge.example.org:6443'}\n")
	k.git("base", "commit", "-q", "-a", "-m", "Edits")
	return k
}

// command is one in a directory, by somebody, with nothing of the user's own configuration.
func (k *killing) command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = filepath.Join(k.parent, dir)
	cmd.Env = append(os.Environ(), "HOME="+k.parent, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		cmd.Env = append(cmd.Env, "GIT_"+who+"_NAME=Ann", "GIT_"+who+"_EMAIL=ann@example.org")
	}
	return cmd
}

// run runs gitopsgen, which may find something, and gives its output.
func (k *killing) run(dir string, args ...string) string {
	k.Helper()
	out, err := k.command(dir, "gitopsgen", args...).CombinedOutput()
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() > statusFindings) {
		k.Fatalf("killed after %s: gitopsgen %s: %v\n%s", k.after, args[0], err, out)
	}
	return string(out)
}

func (k *killing) upgrade(dir string) {
	k.Helper()
	start := time.Now()
	k.run(dir, "upgrade", "--offline")
	k.took = time.Since(start)
}

// kill kills an upgrade: every second one at any moment, the others in the part in which it writes.
func (k *killing) kill(i, of int) {
	k.Helper()
	k.after = time.Duration((float64(i) + k.random.Float64()) / float64(of) * float64(k.took))
	cmd := k.command("dir", "gitopsgen", "upgrade", "--offline")
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	if i%2 == 1 {
		for start := time.Now(); time.Since(start) < 2*k.took; {
			if found, _ := filepath.Glob(filepath.Join(k.parent, "dir", ".git", "gitopsgen-journal-*")); len(found) > 0 {
				break
			}
		}
		// It takes about a fourth of the time, and a part of that until Git is asked.
		if k.after /= 4; i%4 == 1 {
			k.after /= 8
		}
	}
	timer := time.AfterFunc(k.after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait() // an error says that it was killed
}

func (k *killing) git(dir string, args ...string) string {
	k.Helper()
	out, err := k.command(dir, "git", args...).CombinedOutput()
	if err != nil {
		k.Fatalf("killed after %s: git %s: %v\n%s", k.after, args[0], err, out)
	}
	return strings.TrimSpace(string(out))
}

func (k *killing) copy(from, to string) {
	k.Helper()
	if err := os.CopyFS(filepath.Join(k.parent, to), os.DirFS(filepath.Join(k.parent, from))); err != nil {
		k.Fatal(err)
	}
}

// files are the contents of a directory by path, without Git's own.
func (k *killing) files(dir string) map[string]string {
	k.Helper()
	files := map[string]string{}
	root := os.DirFS(filepath.Join(k.parent, dir))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		data, err := fs.ReadFile(root, path)
		files[path] = string(data)
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return files
}
