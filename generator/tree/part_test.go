package tree_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestParts states where paths lead in a tree that has another one in it, and a folder that is a repository of its own.
func TestParts(t *testing.T) {
	file := func(p string) tree.File { return tree.File{Path: p, Data: []byte(p)} }
	newTree := func(paths ...string) tree.Tree {
		var files []tree.File
		for _, p := range paths {
			files = append(files, file(p))
		}
		made, err := tree.New(files...)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	other := newTree("apps/lamp.yaml", "values.yaml").WithUnread(tree.Unread{Path: "link", Target: "apps", Folder: true}, tree.Unread{Path: "out", Reason: "it is a link out"})
	whole, err := newTree("apps/shop.yaml", "folder/a.yaml", "z.yaml").WithRoot("folder").With("host/base.git", other)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Files()) != 3 || len(whole.Under(".")) != 3 || len(whole.Unread()) != 0 {
		t.Errorf("got %d files and %d unread, want the tree's own alone", len(whole.Files()), len(whole.Unread()))
	}
	for p, there := range map[string]bool{"apps/shop.yaml": true, "host/base.git/values.yaml": true, "values.yaml": false, "host/base.git/apps/shop.yaml": false, "folder/a.yaml": true} {
		if f, ok := whole.File(p); ok != there || ok && f.Path != p {
			t.Errorf("%s: got %q, %t, want %t", p, f.Path, ok, there)
		}
	}
	if got := whole.Real("host/base.git/link/lamp.yaml"); got != "host/base.git/apps/lamp.yaml" {
		t.Errorf("a link: got %q", got)
	}
	if got := whole.WhyUnread("host/base.git/out"); got != "it is a link out" {
		t.Errorf("what was not read: got %q", got)
	}
	if got := len(whole.Under("host/base.git")); got != 2 {
		t.Errorf("got %d files below the part, want 2", got)
	}
	for _, c := range []struct {
		from, to string
		out      bool
	}{
		{"apps", "z.yaml", false}, {"apps", "../z.yaml", true}, {".", "..", true},
		{"apps", "host/base.git/values.yaml", true}, {"host/base.git/apps", "host/base.git/values.yaml", false},
		{"host/base.git/apps", "host", true}, {"host/base.git/apps", "z.yaml", true}, {"host/base.git", "..", true},
		{"apps", "folder/a.yaml", false}, {"folder", "apps/shop.yaml", true}, {"folder", "folder", false},
	} {
		if got := whole.LeadsOut(c.from, c.to); got != c.out {
			t.Errorf("from %s to %s: got out %t, want %t", c.from, c.to, got, c.out)
		}
	}
	for _, at := range []string{"apps", "z.yaml", "host/base.git", "host/base.git/apps", "host"} {
		if _, err := whole.With(at, other); err == nil {
			t.Errorf("at %s: got no error, though something stands there", at)
		}
	}
}
