package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

var repositoryRoot = filepath.Join("..", "..")

// compareTree compares a tree with a folder of expected files, or writes it there.
func compareTree(t *testing.T, got tree.Tree, dir string) {
	t.Helper()
	if goldentest.Update() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := gitrepo.Write(t.Context(), dir, got); err != nil {
			t.Fatal(err)
		}
	}
	want, err := tree.Read(os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range want.Files() {
		if _, ok := got.File(f.Path); !ok {
			t.Errorf("%s: is missing", f.Path)
		}
	}
	for _, f := range got.Files() {
		w, ok := want.File(f.Path)
		switch {
		case !ok:
			t.Errorf("%s: is new", f.Path)
		case !bytes.Equal(f.Data, w.Data):
			t.Errorf("%s: differs; run make golden and read the diff\n%s", f.Path, diff.Diff("want", w.Data, "got", f.Data))
		}
	}
}

// TestTrees keeps a whole repository of each tier, byte for byte.
func TestTrees(t *testing.T) {
	for _, tier := range []string{"small", "medium", "enterprise"} {
		t.Run(tier, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "repository")
			scaffold(t, "--tier="+tier, "--no-commit", dir)
			got, err := gitrepo.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			compareTree(t, got, filepath.Join(repositoryRoot, "golden", "trees", tier))
		})
	}
}

// scaffold makes a repository without an error.
func scaffold(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := environment{args: append([]string{"gitopsgen", "scaffold"}, args...), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
	if status := run(t.Context(), env); status != statusPassed {
		t.Fatalf("scaffold %q: status %d: %s%s", args, status, &stdout, &stderr)
	}
}

const modulePath = "github.com/gitopsgen/gitopsgen/"

// programFloor is that of programs: content is for them alone.
const programFloor = 9

// floors are how high packages stand: each may import what stands lower.
var floors = map[string]int{
	"cmd/gitopsgen":             programFloor,
	"blueprints/recorder":       programFloor,
	"bench/figures":             programFloor,
	"bench/compare":             programFloor,
	"bench/repositories":        programFloor,
	"generator/listing":         8,
	"generator":                 7,
	"linter/schema/location":    6,
	"linter/admission":          6,
	"linter/part":               6,
	"generator/review":          6,
	"generator/difference":      5,
	"generator/focus":           5,
	"generator/size":            2,
	"generator/fields":          2,
	"generator/intent":          2,
	"generator/fate":            2,
	"generator/doctor":          5,
	"generator/status":          5,
	"generator/repair":          5,
	"generator/supply":          5,
	"linter/rules":              5,
	"linter/locate":             5,
	"linter/policy":             5,
	"linter/schema":             5,
	"linter/refused":            5,
	"linter/refused/pods":       3,
	"linter/refused/field":      2,
	"linter/report":             5,
	"generator/catalog":         4,
	"generator/coverage":        4,
	"generator/layout":          4,
	"generator/render":          4,
	"generator/upgrade":         4,
	"linter":                    4,
	"generator/build":           3,
	"generator/appset":          2,
	"linter/schema/verdict":     3,
	"linter/cluster":            2,
	"linter/schema/structural":  2,
	"generator/checkout":        2,
	"generator/network":         2,
	"generator/snapshot":        2,
	"generator/knowledge":       2,
	"generator/kustomize":       2,
	"generator/source":          2,
	"generator/hook":            2,
	"generator/argocd":          1,
	"generator/blueprint":       1,
	"generator/console":         1,
	"generator/edit":            1,
	"generator/gitrepo":         1,
	"generator/fill":            1,
	"generator/jsonnet":         1,
	"generator/kustomization":   1,
	"generator/lock":            1,
	"generator/manifest":        1,
	"generator/merge":           1,
	"generator/chart":           1,
	"generator/helm":            1,
	"generator/values":          1,
	"generator/record":          1,
	"linter/report/reporttest":  0,
	"linter/report/sarif":       0,
	"generator/chart/charttest": 0,
	"generator/gitrepo/gittest": 0,
	"golden/goldentest":         0,
	"generator/cache":           0,
	"generator/guard":           0,
	"generator/memo":            0,
	"generator/splice":          0,
	"generator/pathspec":        0,
	"generator/sprig":           0,
	"generator/escape":          0,
	"generator/fault":           0,
	"generator/image":           0,
	"generator/tree":            0,
	"generator/tree/treetest":   1,
	"generator/doors":           0,
	"generator/watchdog":        0,
	"generator/wording":         0,
	"policies":                  0,
	"blueprints":                0,
	"templates":                 0,
	"schemas":                   0,
	"docs":                      0,
}

var content = []string{"policies", "blueprints", "templates", "schemas", "docs"}

// TestImports keeps who imports whom among our packages, and that nobody imports upwards.
func TestImports(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	cmd.Dir = repositoryRoot
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], modulePath)
		height, known := floors[from]
		if !known {
			t.Errorf("%s: stands on no floor; say on which in floors", from)
		}
		for _, imported := range fields[1:] {
			to, ours := strings.CutPrefix(imported, modulePath)
			if !ours {
				continue
			}
			lines = append(lines, from+" -> "+to)
			sibling := to == "generator/tree" || to == "generator/manifest" && height == 1
			if floors[to] >= height && !sibling {
				t.Errorf("%s on floor %d imports %s on floor %d", from, height, to, floors[to])
			}
			if slices.Contains(content, to) && height < programFloor {
				t.Errorf("%s imports %s: content is handed down by programs", from, to)
			}
		}
	}
	slices.Sort(lines)
	goldentest.Compare(t, []byte(strings.Join(lines, "\n")+"\n"), "golden/imports.txt")
}

// TestScriptsSayWhat checks that every script says what it shows.
func TestScriptsSayWhat(t *testing.T) {
	files, err := fs.Glob(os.DirFS(repositoryRoot), "golden/scripts/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(repositoryRoot, file))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, []byte("# ")) {
			t.Errorf("%s: the first line does not say what it shows", path.Base(file))
		}
	}
}
