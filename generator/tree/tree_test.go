package tree_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

func TestNew(t *testing.T) {
	for _, test := range []struct {
		name  string
		paths string
		want  string
	}{
		{"sorted whatever the order", "b a/c a.d", ""},
		{"the same path twice", "a b a", `path "a": produced twice`},
		{"absolute", "/a", `path "/a": want a clean path`},
		{"out of the tree", "../a", `path "../a": want a clean path`},
		{"not clean", "a//b", `path "a//b": want a clean path`},
		{"the root", ".", `path ".": want a clean path`},
		{"a file below a file", "a a/b", `path "a/b": "a" is a file`},
		{"a file below a file, another between", "a a.x a/b/c", `path "a/b/c": "a" is a file`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var files []tree.File
			for _, p := range strings.Fields(test.paths) {
				files = append(files, tree.File{Path: p})
			}
			got, err := tree.New(files...)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				for i := 1; i < len(got.Files()); i++ {
					if got.Files()[i-1].Path >= got.Files()[i].Path {
						t.Errorf("%q stands before %q", got.Files()[i-1].Path, got.Files()[i].Path)
					}
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func example(t *testing.T) tree.Tree {
	t.Helper()
	made, err := tree.New(
		tree.File{Path: "a.yaml", Data: []byte("a")},
		tree.File{Path: "a/b.yaml", Data: []byte("b")},
		tree.File{Path: "a/c/d.yaml", Data: []byte("d")},
		tree.File{Path: "ab/x.sh", Data: []byte("x"), Executable: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestUnder(t *testing.T) {
	for dir, want := range map[string]string{
		"": "a.yaml a/b.yaml a/c/d.yaml ab/x.sh", ".": "a.yaml a/b.yaml a/c/d.yaml ab/x.sh",
		"a": "a/b.yaml a/c/d.yaml", "a/": "a/b.yaml a/c/d.yaml", "a/c": "a/c/d.yaml", "b": "",
	} {
		var got []string
		for _, f := range example(t).Under(dir) {
			got = append(got, f.Path)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("Under(%q): got %q, want %q", dir, s, want)
		}
	}
}

func TestFS(t *testing.T) {
	if err := fstest.TestFS(example(t).FS("."), "a.yaml", "a/b.yaml", "a/c/d.yaml", "ab/x.sh"); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(example(t).FS("a"), "b.yaml", "c/d.yaml"); err != nil {
		t.Error(err)
	}
}

// TestRead states the law that reading what was written gives the same tree.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	want := example(t)
	for _, f := range want.Files() {
		at := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if f.Executable {
			mode = 0o755
		}
		if err := os.WriteFile(at, f.Data, mode); err != nil {
			t.Fatal(err)
		}
	}
	got, err := tree.Read(os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Files()) != len(want.Files()) {
		t.Fatalf("got %d files, want %d", len(got.Files()), len(want.Files()))
	}
	for i, f := range got.Files() {
		w := want.Files()[i]
		if f.Path != w.Path || string(f.Data) != string(w.Data) || f.Executable != w.Executable {
			t.Errorf("got %+v, want %+v", f, w)
		}
	}
}

func TestReadLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "real.yaml"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"in.yaml": "real.yaml", "nowhere.yaml": "gone", "out.yaml": "/etc/hostname"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	got, err := tree.Read(root.FS(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range got.Files() {
		paths = append(paths, f.Path)
	}
	if s := strings.Join(paths, " "); s != "in.yaml real.yaml" {
		t.Errorf("got %q, want the file and the link to it", s)
	}
}
