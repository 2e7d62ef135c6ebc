package gitrepo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// TestPartOf finds the repository of folders and files, wherever one stands.
func TestPartOf(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"repo/.git", "repo/apps/web", "repo/own/apps", "plain/apps"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"repo/own/mark", "repo/apps/web/a.yaml", "plain/apps/a.yaml"} {
		if err := os.WriteFile(filepath.Join(root, file), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(root, "repo", "apps"), filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		here, at string
		want     gitrepo.Part
	}{
		{"repo", ".", gitrepo.Part{Dir: "."}},
		{".", "repo", gitrepo.Part{Dir: "repo"}},
		{"repo/apps", "web", gitrepo.Part{Dir: "..", Focus: "apps/web", Here: "apps"}},
		{"repo/apps/web", ".", gitrepo.Part{Dir: "../..", Focus: "apps/web", Here: "apps/web"}},
		{".", "repo/apps/web/a.yaml", gitrepo.Part{Dir: "repo", Focus: "apps/web/a.yaml"}},
		{".", "repo/apps/gone", gitrepo.Part{Dir: "repo", Focus: "apps/gone"}},
		{".", "link/web", gitrepo.Part{Dir: "repo", Focus: "apps/web"}},
		{".", "repo/own", gitrepo.Part{Dir: "repo/own"}},
		{".", "repo/own/apps", gitrepo.Part{Dir: "repo/own", Focus: "apps"}},
		{".", filepath.Join(root, "repo/apps"), gitrepo.Part{Dir: filepath.Join(root, "repo"), Focus: "apps"}},
		{".", "plain/apps", gitrepo.Part{Dir: "plain/apps"}},
		{".", "plain/apps/a.yaml", gitrepo.Part{Dir: "plain/apps", Focus: "a.yaml"}},
	} {
		t.Chdir(filepath.Join(root, c.here))
		if got := gitrepo.PartOf(c.at, "mark"); got != c.want {
			t.Errorf("in %s, %s: got %+v, want %+v", c.here, c.at, got, c.want)
		}
	}
}
