package main

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// keptTree is a repository with all that results are kept of.
func keptTree(t *testing.T) tree.Tree {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(repositoryRoot, "golden", "kept.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return treeOf(t, archive, "")
}

// TestKept states that whatever is edited, a run that finds results of earlier runs tells the same as one that finds none, whether
// they are of another edit or of the same. GITOPSGEN_EDITS is how many edits there are, GITOPSGEN_SEED which.
func TestKept(t *testing.T) {
	enterprise, err := gitrepo.Read(filepath.Join(repositoryRoot, "golden", "trees", "enterprise"))
	if err != nil {
		t.Fatal(err)
	}
	own := keptTree(t)
	g := judge()
	g.Cache, g.Kept = "", cache.OpenStore(t.TempDir())
	anew := g
	anew.Kept = nil
	if r := keptReport(t, g, own); bytes.Contains(r, []byte(`"state": "not rendered"`)) || !bytes.Contains(r, []byte("pods/privileged")) {
		t.Fatalf("want all of it rendered, and something found: got\n%s", r)
	}
	random := rand.New(rand.NewPCG(uint64(number("GITOPSGEN_SEED", 1)), 0))
	edits := number("GITOPSGEN_EDITS", 20)
	for i := range edits {
		base := own
		if i%10 == 9 {
			base = enterprise
		}
		now, edit := edited(t, base, random)
		want := keptReport(t, anew, now)
		for _, which := range []string{"the first", "the second"} {
			if got := keptReport(t, g, now); !bytes.Equal(got, want) {
				t.Errorf("edit %d, %s: %s run finds\n%s\nwant\n%s", i, edit, which, got, want)
			}
		}
		g.Kept = cache.OpenStore(g.Kept.Dir()) // as another process does
	}
}

// keptReport is the report of a tree in JSON, without the time that it took.
func keptReport(t *testing.T, g generator.Generator, now tree.Tree) []byte {
	t.Helper()
	r, err := g.Read(now, blueprint.Medium)
	if err != nil {
		return []byte(err.Error())
	}
	found, err := g.Check(t.Context(), r, generator.CheckOptions{Keep: true})
	if err != nil {
		return []byte(err.Error())
	}
	found.Seconds = 0
	write, err := report.For("json")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, found.Report); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestKeptAtOnce has many processes work with one cache, kills some of them and damages its files: those that end tell all the same.
func TestKeptAtOnce(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	if err := gitrepo.Write(t.Context(), dir, keptTree(t)); err != nil {
		t.Fatal(err)
	}
	lint := func(ctx context.Context, args ...string) (out []byte, ended bool) {
		cmd := exec.CommandContext(ctx, "gitopsgen", append([]string{"lint", "--offline", "--format=gitlab"}, args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "XDG_CACHE_HOME="+home)
		out, _ = cmd.Output()
		return out, cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == statusFindings
	}
	start := time.Now()
	want, ended := lint(t.Context(), "--no-cache")
	took := time.Since(start)
	if !ended || len(want) < 100 {
		t.Fatalf("want findings, got %q", want)
	}
	random := rand.New(rand.NewPCG(uint64(number("GITOPSGEN_SEED", 1)), 0))
	whole := 0
	for range number("GITOPSGEN_ROUNDS", 3) {
		var all sync.WaitGroup
		outs := make([][]byte, 8)
		for i := range outs {
			ctx, end := context.WithCancel(t.Context())
			defer end()
			if i%2 == 1 {
				ctx, end = context.WithTimeout(ctx, time.Duration(random.Int64N(int64(2*took))))
				defer end()
			}
			all.Go(func() {
				if out, ended := lint(ctx); ended {
					outs[i] = out
				}
			})
		}
		all.Wait()
		for i, out := range outs {
			if out != nil {
				whole++
			}
			if out != nil && !bytes.Equal(out, want) || out == nil && i%2 == 0 {
				t.Errorf("process %d: got\n%s\nwant\n%s", i, out, want)
			}
		}
		damage(t, home, random)
	}
	t.Logf("%d processes ended, and told the same", whole)
}

// damage writes something else into half of the files below a folder.
func damage(t *testing.T, dir string, random *rand.Rand) {
	t.Helper()
	damaged := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || random.IntN(2) == 0 {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil || len(data) == 0 {
			return err
		}
		data[random.IntN(len(data))] ^= byte(1 + random.IntN(255))
		damaged++
		return os.WriteFile(name, data, 0o600)
	})
	if err != nil || damaged == 0 {
		t.Fatalf("damaged %d files, %v, want some", damaged, err)
	}
}
