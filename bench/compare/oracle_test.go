//go:build oracle

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompare compares all kinds of repositories, of few objects each, with the real kustomize and Helm that make test puts into PATH.
func TestCompare(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "../../cmd/gitopsgen", "../repositories", "github.com/yannh/kubeconform/cmd/kubeconform")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, name := range []string{"kustomize", "helm"} {
		program, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(program, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr strings.Builder
	args := []string{"compare", "-bin=" + bin, "-work=" + t.TempDir(), "-clusters=1", "-files=20", "-applications=5,10", "-turns=1"}
	if status := run(args, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	for _, want := range []string{
		"Not there, and so left out: conftest, kube-linter.", "| enterprise, 1 cluster | ", "| plain manifests, 20 files | 20 | cold | ",
		"| mixed Applications, 10 Applications | 2", "| grows with a power of the size | of |", "\n| memory | mixed Applications | ",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("want %q in\n%s", want, &stdout)
		}
	}
}
