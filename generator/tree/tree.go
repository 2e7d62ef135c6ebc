// Package tree holds a repository in memory as a sorted list of files.
//
// It knows paths and bytes, and nothing of YAML, Kubernetes or Git.
package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	files  []File
	unread []Unread
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

// What is read of a directory. The largest repositories that people keep have a tenth of it.
const (
	maxFile  = 32 << 20
	maxBytes = 1 << 30
	maxFiles = 500_000
)

// Unread is a file that is there and was not read.
type Unread struct {
	Path, Reason string
	// Folder says that it is the place of a folder: all below it was not read.
	Folder bool
}

// ReadFile reads one regular file of fsys, up to the size that a file of a tree may have: nothing else is opened, for it
// could have no end. A symbolic link is read as what it leads to.
func ReadFile(fsys fs.FS, name string) (File, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return File{}, err
	}
	switch {
	case !info.Mode().IsRegular():
		return File{}, &fs.PathError{Op: "open", Path: name, Err: errNoFile}
	case info.Size() > maxFile:
		return File{}, &fs.PathError{Op: "open", Path: name, Err: errTooLarge}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	var data bytes.Buffer
	data.Grow(int(info.Size()) + bytes.MinRead)
	if _, err = data.ReadFrom(io.LimitReader(f, maxFile+1)); err == nil && data.Len() > maxFile { // it may have grown
		err = &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	return File{Path: name, Data: data.Bytes(), Executable: info.Mode()&0o111 != 0}, err
}

var (
	errNoFile   = errors.New("it is no regular file")
	errTooLarge = fmt.Errorf("it is larger than %d MiB", maxFile>>20)
)

// Read makes a tree of all regular files below the root of fsys for which skip is not true; skip is also
// asked about directories, which are then not entered, and may be nil. A symbolic link to a file is read as that
// file; links to directories, to what is skipped, out of fsys and to nowhere are left out. Files that are too large, or too
// many, are Unread.
func Read(fsys fs.FS, skip func(path string, dir bool) bool) (Tree, error) {
	r := reader{fsys: fsys, skip: skip}
	if err := fs.WalkDir(fsys, ".", r.visit); err != nil {
		return Tree{}, err
	}
	t, err := New(r.files...)
	t.unread = r.unread
	return t, err
}

// reader gathers the files of a file system.
type reader struct {
	fsys   fs.FS
	skip   func(path string, dir bool) bool
	files  []File
	unread []Unread
	// size is that of all files so far.
	size int
}

// visit reads one entry of a walk.
func (r *reader) visit(p string, d fs.DirEntry, err error) error {
	if err != nil || p == "." {
		return err
	}
	link := d.Type()&fs.ModeSymlink != 0
	skipped := r.skip != nil && r.skip(p, d.IsDir())
	switch {
	case skipped && d.IsDir():
		return fs.SkipDir
	case skipped || d.IsDir(), link && r.skip != nil && leadsToSkipped(r.fsys, p, r.skip):
		return nil
	case len(r.files)+len(r.unread) == maxFiles:
		return fmt.Errorf("it holds more than %d files", maxFiles)
	case r.size > maxBytes:
		r.unread = append(r.unread, Unread{Path: p, Reason: fmt.Sprintf("the files before it have more than %d MiB", maxBytes>>20)})
		return nil
	}
	f, err := ReadFile(r.fsys, p)
	switch {
	case errors.Is(err, errTooLarge):
		r.unread = append(r.unread, Unread{Path: p, Reason: errTooLarge.Error()})
	case errors.Is(err, errNoFile) && link && isDir(r.fsys, p):
		r.unread = append(r.unread, Unread{Path: p, Reason: "it is a link to a folder, which is not followed", Folder: true})
	case errors.Is(err, errNoFile), err != nil && link:
	case err != nil:
		return err
	default:
		r.size += len(f.Data)
		r.files = append(r.files, f)
	}
	return nil
}

func isDir(fsys fs.FS, p string) bool {
	info, err := fs.Stat(fsys, p)
	return err == nil && info.IsDir()
}

// leadsToSkipped reports whether a link leads to, or through, what is to be skipped, or cannot be followed.
func leadsToSkipped(fsys fs.FS, p string, skip func(path string, dir bool) bool) bool {
	at, err := Follow(fsys, p)
	if err != nil || skip(at, false) {
		return true
	}
	for dir := path.Dir(at); dir != "."; dir = path.Dir(dir) {
		if skip(dir, true) {
			return true
		}
	}
	return false
}

// maxLinks is how many links lead to a file at most, as systems have it.
const maxLinks = 40

// Follow gives the path behind all links on the way to p.
func Follow(fsys fs.FS, p string) (string, error) {
	at, rest := ".", strings.Split(p, "/")
	for links := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		rest = rest[1:]
		info, err := fs.Lstat(fsys, next)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := fs.ReadLink(fsys, next)
		if links++; err != nil || links > maxLinks || path.IsAbs(target) {
			return "", fs.ErrInvalid
		}
		whole := path.Join(append([]string{path.Dir(next), target}, rest...)...)
		if !fs.ValidPath(whole) {
			return "", fs.ErrInvalid
		}
		at, rest = ".", strings.Split(whole, "/")
	}
	return at, nil
}

// WithUnread gives the tree with more that is there and was not read.
func (t Tree) WithUnread(more ...Unread) Tree {
	t.unread = append(slices.Clone(t.unread), more...)
	slices.SortStableFunc(t.unread, func(a, b Unread) int { return strings.Compare(a.Path, b.Path) })
	return t
}

// Unread lists the files that were found and not read, by path.
func (t Tree) Unread() []Unread { return t.unread }

// WhyUnread says why a file or folder that is there was not read; empty where it is not there, or was.
func (t Tree) WhyUnread(p string) string {
	i := slices.IndexFunc(t.unread, func(u Unread) bool { return u.Path == p || u.Folder && strings.HasPrefix(p, u.Path+"/") })
	if i < 0 {
		return ""
	}
	return t.unread[i].Reason
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
