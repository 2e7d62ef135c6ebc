//go:build oracle

package render_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestOracle compares, object by object, what each kustomization in testdata/oracle/*.txtar renders to with what the
// real kustomize and Helm make of it. They are found in PATH: make test puts those there that Argo CD ships. Where they
// refuse a directory, its name begins with "refused".
func TestOracle(t *testing.T) {
	for tool, want := range map[string]string{"kustomize": "v5.8.1", "helm": "v3.19"} {
		out, err := exec.Command(tool, "version").CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("%s version: got %q, %v, want %s", tool, out, err, want)
		}
	}
	files, err := filepath.Glob("testdata/oracle/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want archives", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			made, _ := input(t, archive)
			dir := t.TempDir()
			if err := txtar.Write(archive, dir); err != nil {
				t.Fatal(err)
			}
			for _, f := range archive.Files {
				if filepath.Base(f.Name) == "kustomization.yaml" && !strings.Contains(string(f.Data), "kind: Component") {
					t.Run(filepath.Dir(f.Name), func(t *testing.T) { compare(t, made, dir, filepath.Dir(f.Name)) })
				}
			}
		})
	}
}

// compare compares one directory of a tree with the same one on disk.
func compare(t *testing.T, made tree.Tree, root, dir string) {
	cmd := exec.Command("kustomize", "build", "--enable-helm", filepath.Join(root, dir))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	resources, problems := rendered(t, made, dir)
	if err != nil || len(problems) > 0 {
		if err == nil || len(problems) == 0 || !strings.HasPrefix(dir, "refused") {
			t.Errorf("got problems %v, kustomize ended with %v\n%s", problems, err, stderr.String())
		}
		return
	}
	parsed, told := manifest.Parse("kustomize", out)
	if len(parsed) == 0 || len(told) > 0 || strings.HasPrefix(dir, "refused") {
		t.Fatalf("kustomize gave %d objects, and %v", len(parsed), told)
	}
	got, want := map[string]any{}, map[string]any{}
	for _, res := range parsed {
		want[fmt.Sprint(res.ID)] = res.Object
	}
	for _, res := range resources {
		got[fmt.Sprint(res.ID)] = res.Object
	}
	for id := range want {
		if got[id] == nil {
			t.Errorf("%s: got nothing, want it", id)
		}
	}
	for id := range got {
		if !reflect.DeepEqual(got[id], want[id]) {
			t.Errorf("%s: got\n%s\nwant\n%s", id, text(t, got[id]), text(t, want[id]))
		}
	}
}

// rendered gives what an Application whose path is dir renders to, and what is wrong with it.
func rendered(t *testing.T, made tree.Tree, dir string) ([]manifest.Resource, []build.Problem) {
	t.Helper()
	app := fmt.Sprintf("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: oracle}, spec: {source: {repoURL: x, path: %s}}}", dir)
	with, err := tree.New(append(made.Files()[:len(made.Files()):len(made.Files())], tree.File{Path: "oracle.yaml", Data: []byte(app)})...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), with, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	resources := slices.DeleteFunc(result.Resources, func(res manifest.Resource) bool { return res.Origin.Application != "oracle" })
	problems := slices.DeleteFunc(result.Problems, func(p build.Problem) bool { return p.Application != "oracle" })
	return resources, problems
}

func text(t *testing.T, object any) string {
	t.Helper()
	out, err := sigs.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
