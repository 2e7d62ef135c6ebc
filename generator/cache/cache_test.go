package cache_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/cache"
)

// TestWrite has many write one file at once: whoever reads it finds what one of them wrote, and nothing else is left.
func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "file")
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if err := cache.Write(file, bytes.Repeat([]byte{byte(i)}, 1<<16)); err != nil {
				t.Error(err)
			}
			data, err := os.ReadFile(file)
			if err != nil || len(data) != 1<<16 || !bytes.Equal(data, bytes.Repeat(data[:1], 1<<16)) {
				t.Errorf("got %d bytes, %v, want what one writer wrote", len(data), err)
			}
		})
	}
	all.Wait()
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want one file", entries, err)
	}
	if err := cache.Write(filepath.Join(file, "below"), nil); err == nil {
		t.Error("got no error below a file, want one")
	}
}
