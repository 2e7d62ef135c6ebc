package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// gate is a pipeline that gitopsgen writes, is or documents.
type gate struct{ where, text string }

// The places of some of them.
const (
	githubFile  = ".github/workflows/gitopsgen.yaml"
	commentFile = ".github/workflows/gitopsgen-comment.yaml"
	gitlabFile  = ".gitlab-ci.yml"
	component   = "templates/gitopsgen.yml"
	actionFile  = "action.yml"
)

// gates gives all of them; the blocks of docs/ci.md by their numbers.
func gates(t *testing.T) []gate {
	t.Helper()
	var all []gate
	for _, path := range []string{githubFile, commentFile, gitlabFile} {
		all = append(all, gate{path, generated(t, path)})
	}
	for _, path := range []string{actionFile, component} {
		all = append(all, gate{path, repositoryFile(t, path)})
	}
	for i, text := range blocks(t, repositoryFile(t, "docs/ci.md"), "yaml") {
		all = append(all, gate{fmt.Sprintf("docs/ci.md %d", i), text})
	}
	return all
}

func repositoryFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repositoryRoot, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// generated gives a file of a generated repository, of the forge that reads it.
func generated(t *testing.T, path string) string {
	t.Helper()
	forge, _, _ := strings.Cut(path[1:], "/")
	forge, _, _ = strings.Cut(forge, "-")
	dir := filepath.Join(t.TempDir(), "repository")
	var stdout, stderr bytes.Buffer
	env := environment{
		args:   []string{"gitopsgen", "scaffold", "--tier=small", "--offline", "--no-commit", "--repo-url=https://" + forge + ".com/acme/platform.git", dir},
		stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" },
	}
	if status := run(t.Context(), env); status != statusPassed {
		t.Fatalf("status %d: %s%s", status, &stdout, &stderr)
	}
	data, err := gitrepo.ReadFile(dir, path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// pinned matches somebody else's action by its commit, with the version that this is.
var pinned = regexp.MustCompile(`uses: ([a-z/-]+)@([0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+)$`)

// TestActionsArePinned wants every action that is not ours to be named by a commit, everywhere the same.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	pins := map[string]string{}
	for _, g := range gates(t) {
		for line := range strings.Lines(g.text) {
			line = strings.TrimSpace(line)
			m := pinned.FindStringSubmatch(line)
			switch {
			case !strings.Contains(line, "uses:") || strings.Contains(line, "uses: gitopsgen/gitopsgen@v"+version):
			case m == nil:
				t.Errorf("%s: %s: want a commit and its version", g.where, line)
			case pins[m[1]] == "":
				pins[m[1]] = m[2]
			case pins[m[1]] != m[2]:
				t.Errorf("%s: %s: elsewhere it is %s", g.where, line, pins[m[1]])
			}
		}
	}
	if len(pins) < 5 {
		t.Errorf("got %v, want all actions", pins)
	}
}

// TestNoTextIsCode states that no expression stands in a command: what a stranger names would be code there.
func TestNoTextIsCode(t *testing.T) {
	t.Parallel()
	ran := 0
	for _, g := range gates(t) {
		p, err := readPipeline([]byte(g.text))
		if err != nil {
			t.Fatalf("%s: %v", g.where, err)
		}
		for _, s := range p.steps() {
			if ran++; strings.Contains(s.Run, "${{") || g.where != component && strings.Contains(s.Run, "$[[") {
				t.Errorf("%s: an expression stands in %s", g.where, s.Run)
			}
		}
	}
	if ran < 12 {
		t.Errorf("got %d steps, want all", ran)
	}
}

// TestGatesAgree wants the pipelines that say the same to do the same: the page shows the workflow for comments as it is
// generated, the component runs what the generated job runs, and the action has the inputs that the page names.
func TestGatesAgree(t *testing.T) {
	t.Parallel()
	page := repositoryFile(t, "docs/ci.md")
	_, comment, _ := strings.Cut(generated(t, commentFile), "\n") // without the line that says who wrote it
	if got := blocks(t, page, "yaml")[1]; got != comment {
		t.Errorf("docs/ci.md shows as the workflow for comments:\n%s\nwant:\n%s", got, comment)
	}
	script := func(text string) string {
		p, err := readPipeline([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(p.Gitopsgen.Script, "\n")
	}
	of := strings.NewReplacer(` "$DIRECTORY"`, "", ` --fail-on="$FAIL_ON"`, "").Replace(script(repositoryFile(t, component)))
	if want := script(generated(t, gitlabFile)); of != want {
		t.Errorf("%s runs:\n%s\nwant what is generated:\n%s", component, of, want)
	}
	action, err := readPipeline([]byte(repositoryFile(t, actionFile)))
	if err != nil {
		t.Fatal(err)
	}
	for name := range action.Inputs {
		if !strings.Contains(page, "\n| `"+name+"` | ") {
			t.Errorf("docs/ci.md does not say what the input %s is", name)
		}
	}
	for _, text := range []string{repositoryFile(t, component), page, repositoryFile(t, "docs/hooks.md")} {
		for _, m := range regexp.MustCompile(`(?m)(?:gitopsgen@v|^    rev: v)(\S+?)`+"`?$").FindAllStringSubmatch(text, -1) {
			if m[1] != version {
				t.Errorf("%s: want %s", m[0], version)
			}
		}
	}
}

// TestHooksAgree wants every hook to run the same.
func TestHooksAgree(t *testing.T) {
	t.Parallel()
	const command = "gitopsgen lint --staged --since HEAD --max-findings 5"
	for _, text := range []string{repositoryFile(t, ".pre-commit-hooks.yaml"), repositoryFile(t, "docs/hooks.md"), repositoryFile(t, "templates/files/.pre-commit-config.yaml.tmpl")} {
		if n := strings.Count(text, "lint --staged"); n == 0 || n != strings.Count(text, command+"\n")+strings.Count(text, "`"+command+"`") {
			t.Errorf("not every hook runs %s:\n%s", command, text)
		}
	}
}
