package lock

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// FuzzRead states that reading a lock never panics, that errors name the file, and that a lock written again is the
// same.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../../golden/trees/*/.gitopsgen/lock.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no locks: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(len(text), 4000)])
	}
	f.Add([]byte("gitopsgen: 0.1.0\ncharts:\n  - {name: a, repository: oci://b, version: 1.0.0, digest: unverified, content: sha256:00}\nvendored: [{path: charts/a, content: c}]\n"))
	f.Add([]byte("charts: {a: b}\n"))
	f.Add([]byte("requires: &a x\ngitopsgen: *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := readLock(t, data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), Path+": ") {
				t.Errorf("an error without the file: %v", err)
			}
			return
		}
		l.Generated()
		text, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := readLock(t, text)
		if err != nil {
			t.Fatalf("written again: %v\n%s", err, text)
		}
		twice, err := again.Encode()
		if err != nil || !reflect.DeepEqual(twice, text) {
			t.Errorf("written twice: %v\n%s\nwant\n%s", err, twice, text)
		}
	})
}

func readLock(t *testing.T, data []byte) (Lock, error) {
	t.Helper()
	made, err := tree.New(tree.File{Path: Path, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := Read(made)
	return l, err
}

// FuzzBase states that reading an archive of generated files never panics, that errors name it, and that what is read stays
// what it is when it is written and read again.
func FuzzBase(f *testing.F) {
	for _, text := range []string{
		"-- a/b.yaml b/c@d --\na: b\n", "-- gitopsgen.yaml spec --\na: b\n-- a b sha256:e3b0c44298fc1c14 --\n-- a%20b c unknown --\n-- end --\n", "of all\n-- a b cut --\nx\n", "-- a b quoted --\n>-- c d --\n>x\n", "-- a --\n", "-- a b odd --\n", "-- a b --\n-- a b --\n", "-- clusters/prod/x y --\n", "-- a b cut quoted --\n>-- x y --\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const at = ".gitopsgen/base/prod.txtar"
		l, err := withArchives(t, tree.File{Path: at, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Sound(); err != nil {
			if !strings.HasPrefix(err.Error(), at+":") {
				t.Errorf("an error without the file: %v", err)
			}
			return
		}
		archives, err := l.Archives()
		if err != nil {
			return // a text that no archive holds
		}
		again, err := withArchives(t, archives...)
		if err != nil || again.Sound() != nil || !reflect.DeepEqual(again.Files, l.Files) || !bytes.Equal(again.Spec, l.Spec) {
			t.Errorf("got %v, %v, want %v", again.Files, err, l.Files)
		}
	})
}

// withArchives reads a lock with these archives beside it.
func withArchives(t *testing.T, archives ...tree.File) (Lock, error) {
	t.Helper()
	made, err := tree.New(append(archives, tree.File{Path: Path, Data: []byte("gitopsgen: 0.2.0\nrequires: 0.2.0\n")})...)
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := Read(made)
	return l, err
}
