package snapshot

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo/gittest"
)

// TestReadRevision states that a revision is read as it was committed, below the directory that is asked for, and
// nothing besides the paths that are asked for.
func TestReadRevision(t *testing.T) {
	dir := gittest.Commit(t, map[string]string{"platform/spec.yaml": "old", "platform/policies/a/a.rego": "a", "platform/policies/b.rego": "b", "platform/other": "x", "spec.yaml": "root"})
	if err := os.Symlink("../../spec.yaml", filepath.Join(dir, "platform/policies/link")); err != nil {
		t.Fatal(err)
	}
	gittest.Run(t, dir, "add", ".")
	gittest.Run(t, dir, "commit", "--quiet", "--message=Link")
	if err := os.WriteFile(filepath.Join(dir, "platform/spec.yaml"), []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, hash, err := ReadRevision(t.Context(), filepath.Join(dir, "platform"), "HEAD", "spec.yaml", "policies", "gone")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range got.Files() {
		files = append(files, f.Path+"="+string(f.Data))
	}
	if s := strings.Join(files, " "); s != "policies/a/a.rego=a policies/b.rego=b spec.yaml=old" {
		t.Errorf("got %s", s)
	}
	if want := strings.TrimSpace(gittest.Run(t, dir, "rev-parse", "HEAD")); hash != want {
		t.Errorf("got the commit %s, want %s", hash, want)
	}
	if _, _, err := ReadRevision(t.Context(), dir, "nowhere", "spec.yaml"); !errors.Is(err, ErrNoRevision) {
		t.Errorf("an unknown revision: got %v", err)
	}
	if _, _, err := ReadRevision(t.Context(), t.TempDir(), "HEAD", "spec.yaml"); err == nil || errors.Is(err, ErrNoRevision) {
		t.Errorf("no repository: got %v", err)
	}
}
