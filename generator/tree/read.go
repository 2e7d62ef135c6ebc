package tree

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"strings"
)

// What is read of a directory. The largest repositories that people keep have a tenth of it.
const (
	maxFile  = 32 << 20
	maxBytes = 1 << 30
	maxFiles = 500_000
)

// Unread is a file that is there and was not read.
type Unread struct {
	Path, Reason string
	// Folder says that it is the place of a folder, or may be: all below it was not read.
	Folder bool
	// Target is the path of the folder that a link leads to, and where it was read; empty is no such link. Outside says that it
	// is a link out of the tree.
	Target  string
	Outside bool
}

// ReadFile reads one regular file of fsys, up to the size that a file of a tree may have: nothing else is opened, for it
// could have no end. A symbolic link is read as what it leads to.
func ReadFile(fsys fs.FS, name string) (File, error) { return readFile(fsys, name, new(bytes.Buffer)) }

// readFile reads a file into a buffer, unless its bytes are held.
func readFile(fsys fs.FS, name string, into *bytes.Buffer) (File, error) {
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
	data, err := readAll(f, info.Size(), into)
	if err == nil && len(data) > maxFile { // it may have grown
		err = &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	return File{Path: name, Data: data, Executable: info.Mode()&0o111 != 0}, err
}

var (
	errNoFile   = errors.New("it is no regular file")
	errTooLarge = fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	errOutside  = errors.New("it is a link out of the repository")
)

// Read makes a tree of all regular files below the root of fsys for which skip is not true; skip is also
// asked about directories, which are then not entered, and may be nil. A symbolic link to a file is read as that
// file; links to what is skipped are left out. Links to directories, out of fsys and to nothing, and files that are too large,
// or too many, are Unread.
func Read(fsys fs.FS, skip func(path string, dir bool) bool) (Tree, error) {
	r := reader{fsys: fsys, skip: skip, texts: map[uint64][]byte{}}
	if err := fs.WalkDir(fsys, ".", r.visit); err != nil {
		return Tree{}, err
	}
	return r.tree()
}

func (r *reader) tree() (Tree, error) {
	t, err := New(r.files...)
	t.unread = r.unread
	return t, err
}

// ReadFiles makes a tree as Read does, of the files and links of fsys that are named.
func ReadFiles(fsys fs.FS, names []string) (Tree, error) {
	r := reader{fsys: fsys, files: make([]File, 0, len(names)), texts: map[uint64][]byte{}}
	for _, name := range names {
		info, err := fs.Lstat(fsys, name)
		if err == nil {
			err = r.visit(name, fs.FileInfoToDirEntry(info), nil)
		}
		if err != nil {
			return Tree{}, err
		}
	}
	return r.tree()
}

// reader gathers the files of a file system.
type reader struct {
	fsys   fs.FS
	skip   func(path string, dir bool) bool
	files  []File
	unread []Unread
	// size is that of all files so far.
	size int
	// buffer holds a file while it is read, and texts are what files hold, by their digests.
	buffer bytes.Buffer
	texts  map[uint64][]byte
}

// seed is that of the digests of a process.
var seed = maphash.MakeSeed()

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
	case skipped || d.IsDir():
		return nil
	case len(r.files)+len(r.unread) == maxFiles:
		return fmt.Errorf("it holds more than %d files", maxFiles)
	case r.size > maxBytes:
		r.unread = append(r.unread, Unread{Path: p, Reason: fmt.Sprintf("the files before it have more than %d MiB", maxBytes>>20)})
		return nil
	}
	if link {
		return r.link(p)
	}
	return r.file(p, "")
}

// Held is a file whose bytes are in memory. Nobody changes them, so that they are not read once more.
type Held interface{ Bytes() []byte }

// readAll reads a file of about a size, and no more than one byte too much.
func readAll(f fs.File, size int64, into *bytes.Buffer) ([]byte, error) {
	if held, ok := f.(Held); ok {
		return held.Bytes(), nil
	}
	into.Grow(int(size) + bytes.MinRead)
	_, err := into.ReadFrom(io.LimitReader(f, maxFile+1))
	return into.Bytes(), err
}

// file reads a file, be it that a link leads to it.
func (r *reader) file(p, target string) error {
	r.buffer.Reset()
	f, err := readFile(r.fsys, p, &r.buffer)
	switch {
	case errors.Is(err, errTooLarge):
		r.unread = append(r.unread, Unread{Path: p, Reason: errTooLarge.Error()})
	case errors.Is(err, errNoFile):
	case err != nil:
		return err
	default:
		f.Target, f.Data = target, r.shared(f.Data)
		r.size += len(f.Data)
		r.files = append(r.files, f)
	}
	return nil
}

// shared is a copy of the bytes of a file, one for all that hold the same: clusters have most of theirs in common.
func (r *reader) shared(data []byte) []byte {
	if r.buffer.Len() == 0 { // they are held by something else
		return data
	}
	sum := maphash.Bytes(seed, data)
	if known := r.texts[sum]; bytes.Equal(known, data) {
		return known
	}
	r.texts[sum] = bytes.Clone(data)
	return r.texts[sum]
}

// link reads what a link leads to.
func (r *reader) link(p string) error {
	target, err := Follow(r.fsys, p)
	switch {
	case errors.Is(err, errOutside):
		r.unread = append(r.unread, Unread{Path: p, Reason: errOutside.Error(), Folder: true, Outside: true})
	case err != nil:
		r.unread = append(r.unread, Unread{Path: p, Reason: "it is a link that leads to nothing", Folder: true})
	case r.skips(target):
	case isDir(r.fsys, target):
		r.unread = append(r.unread, Unread{Path: p, Reason: "it is a link to a folder, which is not followed", Folder: true, Target: target})
	default:
		return r.file(p, target)
	}
	return nil
}

// skips reports whether a path is to be skipped, or leads through what is.
func (r *reader) skips(p string) bool {
	if r.skip == nil {
		return false
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if r.skip(dir, true) {
			return true
		}
	}
	return r.skip(p, isDir(r.fsys, p))
}

func isDir(fsys fs.FS, p string) bool {
	info, err := fs.Stat(fsys, p)
	return err == nil && info.IsDir()
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
		if links++; err != nil || links > maxLinks {
			return "", fs.ErrInvalid
		}
		whole := path.Join(append([]string{path.Dir(next), target}, rest...)...)
		if !fs.ValidPath(whole) || path.IsAbs(target) {
			return "", errOutside
		}
		at, rest = ".", strings.Split(whole, "/")
	}
	return at, nil
}
