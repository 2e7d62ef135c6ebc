package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter/report/reporttest"
)

func TestMain(m *testing.M) {
	testscript.Main(alone{m}, map[string]func(){"gitopsgen": main})
}

// deadProxy is one that refuses at once: the network is out of reach, but for loopback, which no proxy is asked for.
const deadProxy = "http://127.0.0.1:1"

// alone runs tests without the user's cache, and without the network.
type alone struct{ *testing.M }

func (a alone) Run() int {
	cache, err := os.MkdirTemp("", "gitopsgen-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(cache)
	os.Setenv("XDG_CACHE_HOME", cache)
	for name, value := range map[string]string{"HTTP_PROXY": deadProxy, "HTTPS_PROXY": deadProxy, "NO_PROXY": ""} {
		os.Setenv(name, value)
	}
	return a.M.Run()
}

// TestScripts runs golden/scripts: each shows one behaviour of one command, as a person sees it.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs(repositoryRoot)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "golden", "scripts"),
		UpdateScripts:       goldentest.Update(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("ROOT", root) // of this module
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("NO_COLOR", "1")
			env.Setenv("HTTP_PROXY", deadProxy)
			env.Setenv("HTTPS_PROXY", deadProxy)
			env.Setenv("GITOPSGEN_ALLOW_HOST", "127.0.0.1")
			env.Values[serverKey{}] = &runningCharts{}
			return shareResults(home)
		},
		Condition: func(name string) (bool, error) {
			if name != "mounts" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return exec.Command("unshare", "--map-root-user", "--mount", "true").Run() == nil, nil // the machine lets a test mount
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"charts":   serveCharts,
			"old-tree": oldTree,
			"older":    older,
			"status":   status,
			"steps":    runSteps,
		},
	})
}

// shareResults gives scripts what others worked out: most make one of three trees, and say what they want in it. All else that a
// user's cache has is their own.
func shareResults(home string) error {
	shared, own := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "gitopsgen", "results"), filepath.Join(home, ".cache", "gitopsgen")
	for _, dir := range []string{shared, own} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return os.Symlink(shared, filepath.Join(own, "results"))
}

// status runs a program and wants it to end with the status given: status 3 gitopsgen lint.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("status %d, want %d", got, want)
	}
	if slices.Contains(args, "lint") && got != statusUsage {
		validReports(ts, args)
	}
}

// validReports holds all reports in JSON that a command line asked for against their schema.
func validReports(ts *testscript.TestScript, args []string) {
	schema, err := os.ReadFile(filepath.Join(repositoryRoot, "docs", "report.schema.json"))
	ts.Check(err)
	for i, arg := range args {
		format, ok := strings.CutPrefix(arg, "--format")
		if !ok {
			continue
		}
		if format = strings.TrimPrefix(format, "="); format == "" {
			format = args[i+1]
		}
		outputs, err := parseOutputs(format)
		ts.Check(err)
		for _, o := range outputs {
			if o.format != "json" {
				continue
			}
			file := cmp.Or(o.file, "stdout")
			if report := ts.ReadFile(file); report != "" { // else it could not work at all
				if err := reporttest.Check(schema, []byte(report)); err != nil {
					ts.Fatalf("%s: %v", file, err)
				}
			}
		}
	}
}

// oldTree writes a repository as an earlier version did: old-tree VERSION DIR. Of golden/old it takes the spec and what gitopsgen keeps for
// itself; the rest follows from that.
func oldTree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: old-tree VERSION DIR")
	}
	dir := ts.MkAbs(args[1])
	kept, err := gitrepo.Read(filepath.Join(repositoryRoot, "golden", "old", args[0]))
	ts.Check(err)
	l, found, err := lock.Read(kept)
	ts.Check(err)
	if !found || l.Gitopsgen != args[0] {
		ts.Fatalf("golden/old/%s is of %q", args[0], l.Gitopsgen)
	}
	files := slices.Clone(kept.Files())
	for _, f := range l.Files {
		if _, own := kept.File(f.Path); !own {
			files = append(files, tree.File{Path: f.Path, Data: f.Data})
		}
	}
	for _, f := range files {
		file := filepath.Join(dir, filepath.FromSlash(f.Path))
		ts.Check(os.MkdirAll(filepath.Dir(file), 0o755))
		ts.Check(os.WriteFile(file, f.Data, 0o644))
	}
}

// older makes a repository what a blueprint wrote that had another text somewhere: older DIR NOW THEN. gitopsgen.yaml stays, and so does what
// users edited.
func older(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: older DIR NOW THEN")
	}
	dir := ts.MkAbs(args[0])
	have, err := gitrepo.Read(dir)
	ts.Check(err)
	l, _, err := lock.Read(have)
	ts.Check(err)
	changed := 0
	for i, f := range l.Files {
		now, then := []byte(args[1]), []byte(args[2])
		changed += bytes.Count(f.Data, now)
		l.Files[i].Data = bytes.ReplaceAll(f.Data, now, then)
		if here, ok := have.File(f.Path); ok {
			ts.Check(os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.Path)), bytes.ReplaceAll(here.Data, now, then), 0o644))
		}
	}
	if changed == 0 {
		ts.Fatalf("%q stands nowhere in %s", args[1], args[0])
	}
	own, err := l.Archives()
	ts.Check(err)
	data, err := l.Encode()
	ts.Check(err)
	for _, f := range append(own, tree.File{Path: lock.Path, Data: data}) {
		ts.Check(os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f.Data, 0o644))
	}
}
