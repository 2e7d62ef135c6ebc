// Package tree holds a repository in memory as a sorted list of files.
//
// It knows paths and bytes, and nothing of YAML, Kubernetes or Git.
package tree

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

// File is one file of a tree.
type File struct {
	// Path is relative to the root, clean, and uses "/" on every system.
	Path string
	// Data is shared between all who hold the tree: nobody may change it.
	Data []byte
	// Executable says whether the file may be run.
	Executable bool
}

// Tree is a set of files sorted by path. The zero Tree is empty. A Tree never changes.
type Tree struct {
	files []File
}

// New makes a tree of files in any order. A path that is not clean and relative, a path given twice, and a
// file below another file are errors.
func New(files ...File) (Tree, error) {
	sorted := slices.Clone(files)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Path < sorted[j].Path })
	paths := make(map[string]bool, len(sorted))
	for i, f := range sorted {
		if !fs.ValidPath(f.Path) || f.Path == "." {
			return Tree{}, fmt.Errorf("path %q: want a clean path relative to the root", f.Path)
		}
		if i > 0 && sorted[i-1].Path == f.Path {
			return Tree{}, fmt.Errorf("path %q: produced twice", f.Path)
		}
		paths[f.Path] = true
	}
	for _, f := range sorted {
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if paths[dir] {
				return Tree{}, fmt.Errorf("path %q: %q is a file, not a directory", f.Path, dir)
			}
		}
	}
	return Tree{files: sorted}, nil
}

// Read makes a tree of all regular files below the root of fsys for which skip is not true; skip is also
// asked about directories, which are then not entered, and may be nil. A symbolic link to a file is read as that
// file; links to directories, out of fsys and to nowhere are left out.
func Read(fsys fs.FS, skip func(path string, dir bool) bool) (Tree, error) {
	var files []File
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p == "." {
			return nil
		}
		if skip != nil && skip(p, d.IsDir()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		info, err := fs.Stat(fsys, p)
		if err != nil {
			if d.Type()&fs.ModeSymlink != 0 {
				return nil
			}
			return err
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		files = append(files, File{Path: p, Data: data, Executable: info.Mode()&0o111 != 0})
		return nil
	})
	if err != nil {
		return Tree{}, err
	}
	return New(files...)
}

// Files lists all files by path. The slice must not be changed.
func (t Tree) Files() []File { return t.files }

// File finds the file at path.
func (t Tree) File(path string) (File, bool) {
	i := t.search(path)
	if i < len(t.files) && t.files[i].Path == path {
		return t.files[i], true
	}
	return File{}, false
}

// Under lists the files below the directory dir by path; "" and "." are the root.
// The slice must not be changed.
func (t Tree) Under(dir string) []File {
	if dir == "" || dir == "." {
		return t.files
	}
	prefix := strings.TrimSuffix(dir, "/") + "/"
	from := t.search(prefix)
	to := from
	for to < len(t.files) && strings.HasPrefix(t.files[to].Path, prefix) {
		to++
	}
	return t.files[from:to]
}

// search gives the index of the first file whose path is not less than path.
func (t Tree) search(path string) int {
	return sort.Search(len(t.files), func(i int) bool { return t.files[i].Path >= path })
}
