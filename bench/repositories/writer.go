package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writer writes files until the first error.
type writer struct {
	dir string
	err error
}

func (w *writer) write(name, format string, args ...any) {
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err == nil {
		w.err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if w.err == nil {
		w.err = os.WriteFile(file, fmt.Appendf(nil, format, args...), 0o600)
	}
}
