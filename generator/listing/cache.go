package listing

import (
	"fmt"
	"io"
	"os"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Cache tells how large a folder of the cache is.
func Cache(w io.Writer, f cache.Folder) error {
	files, bytes, err := f.Size()
	if err != nil {
		return fmt.Errorf("reading the cache: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s: %s, %.1f MiB (%s)\n", f.Dir, wording.Count(files, "file"), float64(bytes)/(1<<20), f.Holds)
	return err
}

// CleanCache removes a folder of the cache, and tells how large it was.
func CleanCache(w io.Writer, f cache.Folder) error {
	files, bytes, err := f.Size()
	if err != nil {
		return fmt.Errorf("reading the cache: %w", err)
	}
	if err := os.RemoveAll(f.Dir); err != nil {
		return fmt.Errorf("cleaning the cache: %w", err)
	}
	_, err = fmt.Fprintf(w, "removed %s of %s, %.1f MiB\n", wording.Count(files, "file"), f.Dir, float64(bytes)/(1<<20))
	return err
}
