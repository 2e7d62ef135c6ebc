package coverage_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestEveryFile states that each file that Argo CD could read is one thing, whoever reads what: in whole platforms, where nothing is
// read, everything is, and each file by itself.
func TestEveryFile(t *testing.T) {
	dirs, err := filepath.Glob("../../golden/trees/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, dir := range dirs {
		files, err := tree.Read(os.DirFS(dir), nil)
		if err != nil {
			t.Fatal(err)
		}
		files = files.WithUnread(tree.Unread{Path: "large.yaml", Reason: "it is too large"})
		r := build.Read(files)
		var all []string
		for _, f := range files.Files() {
			all = append(all, f.Path)
		}
		var paths []string
		for _, readers := range [][]coverage.Reader{
			nil, {{Name: "Application all", Kind: build.RecursiveDirectory, Files: all}}, {{Kind: build.Directory, Files: all}}, {{Name: "Application none", Dirs: all}},
		} {
			found, now := coverage.Of(r, readers), []string{}
			sum := 0
			for _, as := range coverage.Classes {
				sum += coverage.Count(found, as)
			}
			for _, f := range found {
				now = append(now, f.Path)
				if (f.As == coverage.Other || f.As == coverage.Unreached) && f.Reason == "" {
					t.Errorf("%s: %s is %s for no reason", dir, f.Path, f.As)
				}
			}
			if paths == nil {
				paths = now
			}
			if sum != len(found) || len(found) < 50 || !slices.Equal(now, paths) || !slices.IsSorted(now) || len(slices.Compact(now)) != len(found) {
				t.Errorf("%s: got %d files, %d in all classes, want the %d that there are, each once", dir, len(found), sum, len(paths))
			}
		}
	}
}
