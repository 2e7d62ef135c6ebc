package snapshot

import (
	"bytes"
	"io/fs"
	"path"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// fileSystem gives what Git keeps as a file system, with its links.
type fileSystem struct {
	kept    *kept
	entries map[string]entry
	// folders are those that entries are in.
	folders map[string]bool
}

// add adds an entry by its path in the file system.
func (s fileSystem) add(p string, e entry) {
	s.entries[p] = e
	for dir := path.Dir(p); !s.folders[dir]; dir = path.Dir(dir) {
		s.folders[dir] = true
	}
}

func invalid(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// Lstat implements fs.ReadLinkFS.
func (s fileSystem) Lstat(name string) (fs.FileInfo, error) {
	if e, ok := s.entries[name]; ok {
		return info{path.Base(name), e, false}, nil
	}
	if s.folders[name] {
		return info{name: path.Base(name), folder: true}, nil
	}
	return nil, invalid("lstat", name, fs.ErrNotExist)
}

// ReadLink implements fs.ReadLinkFS.
func (s fileSystem) ReadLink(name string) (string, error) {
	e, ok := s.entries[name]
	if !ok || e.mode != filemode.Symlink {
		return "", invalid("readlink", name, fs.ErrInvalid)
	}
	data, err := s.kept.data(e)
	return string(data), err
}

// follow gives the path behind all links on the way to name. Git keeps nothing below a link.
func (s fileSystem) follow(name string) (string, error) {
	if e, ok := s.entries[name]; ok && e.mode != filemode.Symlink {
		return name, nil
	}
	return tree.Follow(s, name)
}

// Stat implements fs.StatFS.
func (s fileSystem) Stat(name string) (fs.FileInfo, error) {
	at, err := s.follow(name)
	if err != nil {
		return nil, invalid("stat", name, err)
	}
	return s.Lstat(at)
}

// Open implements fs.FS, for files.
func (s fileSystem) Open(name string) (fs.File, error) {
	at, err := s.follow(name)
	if err != nil {
		return nil, invalid("open", name, err)
	}
	e, ok := s.entries[at]
	if !ok {
		return nil, invalid("open", name, fs.ErrInvalid)
	}
	data, err := s.kept.data(e)
	if err != nil {
		return nil, invalid("open", name, err)
	}
	return &file{info{path.Base(name), e, false}, bytes.NewReader(data), data}, nil
}

type file struct {
	info
	*bytes.Reader
	data []byte
}

// Bytes implements tree.Held.
func (f *file) Bytes() []byte              { return f.data }
func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Size() int64                { return f.info.Size() }
func (f *file) Close() error               { return nil }

// info describes one entry or folder.
type info struct {
	name   string
	entry  entry
	folder bool
}

func (i info) Name() string       { return i.name }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.folder }
func (i info) Sys() any           { return nil }

// Size is that of the file in the work tree where it is staged, and else not known: what is read is bounded.
func (i info) Size() int64 {
	if i.entry.staged == nil {
		return 0
	}
	return int64(i.entry.staged.Size)
}

func (i info) Mode() fs.FileMode {
	switch {
	case i.folder:
		return fs.ModeDir | 0o555
	case i.entry.mode == filemode.Symlink:
		return fs.ModeSymlink | 0o444
	case i.entry.mode == filemode.Executable:
		return 0o555
	}
	return 0o444
}
