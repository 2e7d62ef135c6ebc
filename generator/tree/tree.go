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
	// Target is the path that a symbolic link leads to; empty is no link.
	Target string
}

// Tree is a set of files sorted by path. The zero Tree is empty. A Tree never changes.
type Tree struct {
	files  []File
	unread []Unread
	// parts are repositories of their own.
	parts []part
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

// WithUnread gives the tree with more that is there and was not read.
func (t Tree) WithUnread(more ...Unread) Tree {
	t.unread = append(slices.Clone(t.unread), more...)
	slices.SortStableFunc(t.unread, func(a, b Unread) int { return strings.Compare(a.Path, b.Path) })
	return t
}

// Unread lists the files that were found and not read, by path.
func (t Tree) Unread() []Unread { return t.unread }

// WhyUnread says why a file or folder that is there was not read; empty where it is not there, or was, be it through a link.
func (t Tree) WhyUnread(p string) string {
	if other := t.in(p); other != nil {
		return other.WhyUnread(p)
	}
	if u := t.unreadAt(t.Real(p)); u != nil {
		return u.Reason
	}
	return ""
}

// Real gives the path behind the links to folders that p leads through; p itself where there is none.
func (t Tree) Real(p string) string {
	if other := t.in(p); other != nil {
		return other.Real(p)
	}
	for range maxLinks {
		u := t.unreadAt(p)
		if u == nil || u.Target == "" {
			break
		}
		p = path.Join(u.Target, strings.TrimPrefix(p, u.Path))
	}
	return p
}

func (t Tree) unreadAt(p string) *Unread {
	i := slices.IndexFunc(t.unread, func(u Unread) bool { return u.Path == p || u.Folder && strings.HasPrefix(p, u.Path+"/") })
	if i < 0 {
		return nil
	}
	return &t.unread[i]
}

// Files lists all files by path. The slice must not be changed.
func (t Tree) Files() []File { return t.files }

// File finds the file at path.
func (t Tree) File(path string) (File, bool) {
	if other := t.in(path); other != nil {
		return other.File(path)
	}
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
	if other := t.in(dir); other != nil {
		return other.Under(dir)
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
