package verdict

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Several processes may write one folder: whoever asks finds the file whole, and nothing else is left behind.
func TestPutAtOnce(t *testing.T) {
	dir := t.TempDir()
	const files = 5
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			f, err := Open(dir, "0123456789abcdef0123")
			if err != nil {
				t.Error(err)
				return
			}
			for i := range files {
				want := fmt.Sprintf(`{"minimum":%d}`, i)
				path, err := f.put([]byte(want))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := os.ReadFile(path); err != nil || string(got) != want {
					t.Errorf("got %q, %v, want %q", got, err, want)
				}
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	entries, err := os.ReadDir(filepath.Join(dir, "schemas-0123456789abcdef"))
	if err != nil || len(entries) != files {
		t.Errorf("got %v, %v, want %d files", entries, err, files)
	}
}

// A file that a crash left short is written anew.
func TestPutMends(t *testing.T) {
	f, err := Open(t.TempDir(), "a")
	if err != nil {
		t.Fatal(err)
	}
	path, err := f.put([]byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.put([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "{}" {
		t.Errorf("got %q, %v, want {}", got, err)
	}
}
