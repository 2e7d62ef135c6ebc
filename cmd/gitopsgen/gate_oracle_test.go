//go:build oracle

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTools wants the programs to be there without which scripts are skipped.
func TestTools(t *testing.T) {
	for _, name := range []string{"actionlint", "shellcheck", "pre-commit", "jq", "unzip", "zip"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Error(err)
		}
	}
}

// TestWorkflows has actionlint judge the workflows of GitHub and Forgejo, and the action by one that uses it.
func TestWorkflows(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page := blocks(t, repositoryFile(t, "docs/ci.md"), "yaml")
	put(githubFile, generated(t, githubFile))
	put(commentFile, generated(t, commentFile))
	put(actionFile, repositoryFile(t, actionFile))
	put(".github/workflows/action.yaml", strings.Replace(page[0], "uses: gitopsgen/gitopsgen@v"+version, "uses: ./", 1))
	put(".github/workflows/forgejo.yaml", page[3])
	put(".github/workflows/shards.yaml", page[5])
	cmd := exec.Command("actionlint", "-ignore", `label "docker" is unknown`,
		githubFile, commentFile, ".github/workflows/action.yaml", ".github/workflows/forgejo.yaml", ".github/workflows/shards.yaml")
	cmd.Dir = dir
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil { // by it the action is found
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestCommands has shellcheck judge what pipelines run.
func TestCommands(t *testing.T) {
	for _, g := range gates(t) {
		p, err := readPipeline([]byte(g.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.steps() {
			shell := s.Shell
			if shell == "" {
				shell = "bash"
			}
			cmd := exec.Command("shellcheck", "--shell="+shell, "--exclude=SC2164", "-") // cd fails the step
			cmd.Stdin = strings.NewReader(expression.ReplaceAllString(s.Run, "true"))
			if out, err := cmd.CombinedOutput(); s.Run != "" && err != nil {
				t.Errorf("%s: %v\n%s", g.where, err, out)
			}
		}
	}
}
