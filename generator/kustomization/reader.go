package kustomization

import (
	"context"
	"crypto/sha256"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Reader reads kustomizations, each once as long as it stays the same, in whichever state of a repository it stands. It may be used by
// several at the same time, who must not change what it gives. The zero Reader has read nothing yet.
type Reader struct {
	files    memo.Table[content, read]
	included memo.Table[content, includes]
}

// content is all that decides what a kustomization is read as.
type content struct {
	path string
	text [sha256.Size]byte
	// beside says which of the names of kustomizations stand in its directory.
	beside [len(names)]bool
}

type read struct {
	file   File
	faults Faults
}

type includes struct {
	paths     []string
	component bool
}

func contentOf(t tree.Tree, dir string) (c content) {
	for i, name := range names {
		f, here := t.File(path.Join(dir, name))
		if c.beside[i] = here; here && c.path == "" {
			c.path, c.text = f.Path, sha256.Sum256(f.Data)
		}
	}
	return c
}

// Read does what the function does that is called so.
func (r *Reader) Read(t tree.Tree, dir string) (File, Faults) {
	c := contentOf(t, dir)
	if c.path == "" {
		return Read(t, dir)
	}
	known, _ := r.files.Do(context.Background(), c, func() (known read, err error) {
		known.file, known.faults = Read(t, dir)
		return known, nil
	})
	return known.file, known.faults
}

// Includes does what the function does that is called so.
func (r *Reader) Includes(f tree.File) (paths []string, component bool) {
	known, _ := r.included.Do(context.Background(), content{path: f.Path, text: sha256.Sum256(f.Data)}, func() (known includes, err error) {
		known.paths, known.component = Includes(f)
		return known, nil
	})
	return known.paths, known.component
}
