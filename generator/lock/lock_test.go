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
		{ID: "f@prod", Path: "clusters/prod/moved by hand/100%/a.yaml", Data: []byte("a: 1\n")},
		{ID: "g@prod", Path: "clusters/prod/unknown"},
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
	if got, want := l.Edited(have), []string{".gitattributes", "clusters/edge/a.yaml", "clusters/prod/unknown"}; !slices.Equal(got, want) {
		t.Errorf("got %q edited, want %q", got, want)
	}
}

// TestDamage wants everything that is not as it was written to be told with its place, and all else to be known still.
func TestDamage(t *testing.T) {
	files := []File{
		{ID: "a", Path: "a.yaml", Data: []byte("a: 1\n")},
		{ID: "b", Path: "b.yaml", Data: []byte("b: 1\n")},
		{ID: "c@prod", Path: "clusters/prod/c.yaml", Data: []byte("c: 1\n")},
	}
	written := Lock{Gitopsgen: "0.2.0", Requires: "0.2.0", Files: files}
	archives, err := written.Archives()
	if err != nil {
		t.Fatal(err)
	}
	text, err := written.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read := func(archives ...tree.File) Lock {
		made, err := tree.New(append(archives, tree.File{Path: Path, Data: text})...)
		if err != nil {
			t.Fatal(err)
		}
		l, _, err := Read(made)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if l := read(archives...); l.Sound() != nil || !reflect.DeepEqual(l.Files, files) {
		t.Fatalf("as written: got %v, %v", l.Files, l.Sound())
	}
	const at = ".gitopsgen/base/repository.txtar"
	whole := string(archives[1].Data)
	for _, test := range []struct{ name, text, want string }{
		{"edited", strings.Replace(whole, "a: 1", "a: 2", 1), at + ":2:1: of a.yaml: this is not what gitopsgen wrote"},
		{"cut within a file", whole[:len(whole)-12], at + ":5:1: its end is missing\n" + at + ":4:1: of b.yaml: this is not what gitopsgen wrote"},
		{"cut between files", whole[:strings.Index(whole, "-- b.yaml")], at + ":3:1: its end is missing"},
		{"empty", "", at + ":1:1: its end is missing"},
		{"twice", whole[:strings.Index(whole, "-- end")] + "-- a.yaml a --\n-- end --\n", at + ":6:1: of a.yaml: it stands in " + at + ", too"},
		{"unknown word", strings.Replace(whole, "b.yaml b", "b.yaml b new", 1), at + ":4:1: of b.yaml: unknown word \"new\""},
		{
			"conflict", strings.Replace(whole, "a: 1\n", "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n", 1),
			at + ":3:1: a conflict that Git left here is not resolved\n" + at + ":2:1: of a.yaml: this is not what gitopsgen wrote",
		},
	} {
		l := read(archives[0], tree.File{Path: at, Data: []byte(test.text)})
		if err := l.Sound(); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
		if data, _ := l.Pristine("clusters/prod/c.yaml"); string(data) != "c: 1\n" {
			t.Errorf("%s: another archive's file is %q", test.name, data)
		}
		again, err := l.Encode()
		if err != nil || string(again) != string(text) {
			t.Errorf("%s: the lock forgets what is damaged: %v\n%s", test.name, err, again)
		}
	}
	if err := read(archives[0]).Sound(); err == nil || err.Error() != at+": it is not there, and holds what gitopsgen wrote" {
		t.Errorf("missing: got %v", err)
	}
}
