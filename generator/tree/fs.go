package tree

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// FS gives the files below dir as a file system; "." is the whole tree. A directory that is not there is empty.
func (t Tree) FS(dir string) fs.FS { return fileSystem{t, dir} }

type fileSystem struct {
	tree Tree
	dir  string
}

// Open implements fs.FS.
func (s fileSystem) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	at := path.Join(s.dir, name)
	if f, ok := s.tree.File(at); ok {
		return &openFile{info{f, path.Base(name), false}, bytes.NewReader(f.Data)}, nil
	}
	entries := s.entries(at)
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openDir{info{name: path.Base(name), dir: true}, entries}, nil
}

// entries lists what stands directly below the directory at.
func (s fileSystem) entries(at string) []fs.DirEntry {
	var entries []fs.DirEntry
	for _, f := range s.tree.Under(at) {
		inside := f.Path
		if at != "." {
			inside = strings.TrimPrefix(f.Path, at+"/")
		}
		name, _, isDir := strings.Cut(inside, "/")
		if len(entries) > 0 && entries[len(entries)-1].Name() == name {
			continue
		}
		entries = append(entries, fs.FileInfoToDirEntry(info{f, name, isDir}))
	}
	// A file "a.b" stands before "a/b" by path, but behind "a" by name.
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(entries, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() })
}

// info describes one file or directory.
type info struct {
	file File
	name string
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }

func (i info) Size() int64 {
	if i.dir {
		return 0
	}
	return int64(len(i.file.Data))
}

func (i info) Mode() fs.FileMode {
	switch {
	case i.dir:
		return fs.ModeDir | 0o555
	case i.file.Executable:
		return 0o555
	default:
		return 0o444
	}
}

type openFile struct {
	info
	*bytes.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Size() int64                { return f.info.Size() }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info
	left []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > len(d.left) {
		if n > 0 && len(d.left) == 0 {
			return nil, io.EOF
		}
		n = len(d.left)
	}
	head := d.left[:n:n]
	d.left = d.left[n:]
	return head, nil
}
