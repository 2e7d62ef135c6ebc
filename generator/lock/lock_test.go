package lock

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestRead wants what is no lock to be refused with its name.
func TestRead(t *testing.T) {
	if _, found, err := Read(tree.Tree{}); found || err != nil {
		t.Errorf("without one: got %t, %v", found, err)
	}
	for _, text := range []string{"", "[]", "gitopsgen: [", "gitopsgen: 1.2.3\nnews: 1\n"} {
		made, err := tree.New(tree.File{Path: Path, Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(made); err == nil || !strings.HasPrefix(err.Error(), Path+": not a lock that this gitopsgen knows: ") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// TestArchives wants files of any form to be the same when they are read again, each in the archive of its cluster, and what
// differs from them to be told.
func TestArchives(t *testing.T) {
	files := []File{
		{ID: "a", Path: ".gitattributes", Data: []byte("* -text\n")},
		{ID: "a/b@edge", Path: "clusters/edge/a.yaml", Data: []byte("a: 1\n")},
		{ID: "e", Path: "clusters/file", Data: []byte(">a\n")},
		{ID: "a/b@prod", Path: "clusters/prod/a.yaml", Data: []byte("-- clusters/prod/b.yaml c --\nb: 1\n")},
		{ID: "c@prod", Path: "clusters/prod/cut", Data: []byte("no line end")},
		{ID: "d@prod", Path: "clusters/prod/empty", Data: []byte{}},
	}
	archives, err := Lock{Files: files}.Archives()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archives {
		names = append(names, f.Path)
	}
	if want := []string{".gitopsgen/base/edge.txtar", ".gitopsgen/base/prod.txtar", ".gitopsgen/base/repository.txtar"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	l, err := withArchives(t, archives...)
	if err != nil || !reflect.DeepEqual(l.Files, files) {
		t.Fatalf("got %q, %v, want %q", l.Files, err, files)
	}
	stands := []tree.File{{Path: "clusters/edge/a.yaml", Data: []byte("a: 2\n")}}
	for _, f := range files[2:] {
		stands = append(stands, tree.File{Path: f.Path, Data: f.Data})
	}
	have, err := tree.New(stands...)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.Edited(have), []string{".gitattributes", "clusters/edge/a.yaml"}; !slices.Equal(got, want) {
		t.Errorf("got %q edited, want %q", got, want)
	}
}
