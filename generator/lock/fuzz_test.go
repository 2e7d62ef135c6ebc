package lock

import (
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
