package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityPage wants the tests to be there that docs/security.md says watch a bound.
func TestSecurityPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(repositoryRoot, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "grep", "-hoE", `^func (Test|Fuzz)[A-Za-z0-9]+`, "--", "*_test.go")
	cmd.Dir = repositoryRoot
	functions, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	name := regexp.MustCompile("`([A-Za-z0-9_]+)`")
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || strings.Contains(line, "---") {
			continue
		}
		for _, m := range name.FindAllStringSubmatch(cells[4], -1) {
			rows++
			script, _ := filepath.Glob(filepath.Join(repositoryRoot, "golden", "scripts", m[1]+".txtar"))
			tree, _ := filepath.Glob(filepath.Join(repositoryRoot, "generator", "render", "testdata", m[1]+".txtar"))
			if !strings.Contains("\n"+string(functions), "\nfunc "+m[1]+"\n") && len(script)+len(tree) == 0 {
				t.Errorf("%s: there is no such test", m[1])
			}
		}
	}
	if rows < 25 {
		t.Errorf("got %d tests named, want those of the whole table", rows)
	}
}
