package lock

import (
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// oldFile is a file as the lock of 0.1.0 lists it.
type oldFile struct {
	ID     string `yaml:"id"`
	Path   string `yaml:"path"`
	SHA256 string `yaml:"sha256"`
	Policy string `yaml:"policy"`
}

// migrate takes over what 0.1.0 wrote: it kept a copy of each file in .gitopsgen/base/<path>.base, but of its own files their
// digests alone.
func (l *Lock) migrate(files []oldFile, t tree.Tree) {
	for _, old := range files {
		f, kept := File{ID: old.ID, Path: old.Path}, old.Path
		if !strings.HasPrefix(old.Path, ".gitopsgen/") {
			kept = path.Join(baseDir, old.Path+".base")
			l.before = append(l.before, kept)
		}
		if copied, ok := t.File(kept); ok && Digest(copied.Data) == old.SHA256 {
			f.Data = copied.Data
		}
		l.Files = append(l.Files, f)
	}
	slices.SortFunc(l.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}
