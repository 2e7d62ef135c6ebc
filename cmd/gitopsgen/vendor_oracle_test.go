//go:build oracle

package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestVendorOracle wants the real kustomize and Helm to build a vendored repository without any network, and to make of it
// what we render.
func TestVendorOracle(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join(repositoryRoot, "golden", "scripts", "vendor_charts.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	server := httptest.NewServer(chartServer{os.DirFS(filepath.Join(dir, "charts"))})
	defer server.Close()
	for i, f := range archive.Files {
		archive.Files[i].Data = bytes.ReplaceAll(f.Data, []byte("CHARTS"), []byte(server.URL))
	}
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	repo := filepath.Join(dir, "repo")
	gitopsgen := func(args ...string) []byte {
		t.Helper()
		var stdout, stderr bytes.Buffer
		env := environment{args: append([]string{"gitopsgen"}, args...), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
		if status := run(t.Context(), env); status != statusPassed {
			t.Fatalf("gitopsgen %s: status %d: %s", strings.Join(args, " "), status, &stderr)
		}
		return stdout.Bytes()
	}
	gitopsgen("vendor", "--allow-host=127.0.0.1", repo)
	server.Close()
	before := len(files(t, repo))
	want := map[string]any{}
	for _, name := range []string{"lights", "own", "torch"} {
		cmd := exec.Command("kustomize", "build", "--enable-helm", filepath.Join(repo, name))
		cmd.Env = append(os.Environ(), "HTTP_PROXY="+deadProxy, "HTTPS_PROXY="+deadProxy)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("kustomize build %s: %v\n%s", name, err, &stderr)
		}
		resources, problems := manifest.Parse(name, out)
		if len(resources) == 0 || len(problems) > 0 {
			t.Fatalf("kustomize build %s: got %d objects, %v", name, len(resources), problems)
		}
		for _, res := range resources {
			want[res.ID.String()] = res.Object
		}
	}
	got := map[string]any{}
	resources, _ := manifest.Parse("render", gitopsgen("render", "--offline", repo))
	for _, res := range resources {
		got[res.ID.String()] = res.Object
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, kustomize makes %v", got, want)
	}
	if after := len(files(t, repo)); after != before {
		t.Errorf("kustomize added %d files: want none, for all charts are there", after-before)
	}
}

// files lists all files below a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
