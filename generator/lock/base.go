package lock

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	quoting "github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// baseDir holds an archive of generated files for each cluster, and one for the rest.
const (
	baseDir       = ".gitopsgen/base"
	archiveEnding = ".txtar"
)

// File is a file as gitopsgen wrote it.
type File struct {
	// ID stays the same when a later version moves the file.
	ID   string
	Path string
	// Data is nil where it is not known any more: then the file counts as edited.
	Data []byte

	// digest is what the archive says of the text that was written, where it holds another one.
	digest string
}

// The words behind the path and the ID in an archive: what the text must be, and how it stands there where an archive cannot hold
// it as it is.
const (
	sum     = "sha256:" // followed by digits of the digest; two branches that wrote different files merge
	unknown = "unknown" // nobody knows it any more
	cut     = "cut"     // without the line end that the archive adds
	quoted  = "quoted"  // each line behind a ">"
)

// The spec stands among the files, as it was applied. Whoever changes it knows that, so nothing says what it must be.
const (
	specPath = "gitopsgen.yaml"
	specID   = "spec"
)

// end stands behind the files of an archive that is whole.
const end = "end"

const baseHead = "Written by gitopsgen: the files as it wrote them, by path and id. The next merge starts from here: edit nothing.\n"

// Archives are the files, as they stand in the repository.
func (l Lock) Archives() ([]tree.File, error) {
	archives := map[string]*txtar.Archive{}
	add := func(f File) error {
		name := archiveOf(f.Path)
		if archives[name] == nil {
			archives[name] = &txtar.Archive{Comment: []byte(baseHead)}
		}
		packed, err := f.pack()
		archives[name].Files = append(archives[name].Files, packed)
		return err
	}
	if l.Spec != nil {
		if err := add(File{ID: specID, Path: specPath, Data: l.Spec}); err != nil {
			return nil, err
		}
	}
	for _, f := range l.Files {
		if err := add(f); err != nil {
			return nil, err
		}
	}
	var files []tree.File
	for _, name := range slices.Sorted(maps.Keys(archives)) {
		archives[name].Files = append(archives[name].Files, txtar.File{Name: end})
		files = append(files, tree.File{Path: archivePath(name), Data: txtar.Format(archives[name])})
	}
	return files, nil
}

// IsOwn reports whether a file is the lock, or an archive beside it.
func IsOwn(file string) bool { return file == Path || strings.HasPrefix(file, baseDir+"/") }

// IsArchive reports whether a file is an archive beside the lock.
func IsArchive(file string) bool { return path.Dir(file) == baseDir && path.Ext(file) == archiveEnding }

func archivePath(name string) string { return path.Join(baseDir, name+archiveEnding) }

// archiveOf names the archive that holds a file: that of its cluster, or of the rest.
func archiveOf(file string) string {
	if rest, ok := strings.CutPrefix(file, "clusters/"); ok {
		if cluster, _, below := strings.Cut(rest, "/"); below {
			return cluster
		}
	}
	return "repository"
}

func (f File) pack() (txtar.File, error) {
	words, data := []string{escape(f.Path), f.ID}, f.Data
	switch {
	case data == nil:
		words = append(words, unknown)
	case f.ID != specID:
		words = append(words, sum+short(data))
	}
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		words, data = append(words, cut), append(slices.Clone(data), '\n')
	}
	if bytes.HasPrefix(data, []byte("-- ")) || bytes.Contains(data, []byte("\n-- ")) {
		var err error
		if data, err = quoting.Quote(data); err != nil {
			return txtar.File{}, fmt.Errorf("%s: %w", f.Path, err)
		}
		words = append(words, quoted)
	}
	return txtar.File{Name: strings.Join(words, " "), Data: data}, nil
}

// short is as much of a digest as tells an accident.
func short(data []byte) string { return Digest(data)[:16] }

// escape writes a path as one word: users move files to where they want.
func escape(file string) string {
	if !strings.ContainsFunc(file, isApart) {
		return file
	}
	var b strings.Builder
	for len(file) > 0 {
		r, size := utf8.DecodeRuneInString(file)
		if isApart(r) {
			b.WriteString(url.PathEscape(file[:size]))
		} else {
			b.WriteString(file[:size])
		}
		file = file[size:]
	}
	return b.String()
}

func isApart(r rune) bool { return r == '%' || unicode.IsSpace(r) || unicode.IsControl(r) }

// unpack reads a file of an archive. Where its text is not what was written the error says so, and the rest is known.
func unpack(packed txtar.File) (f File, err error) {
	words := strings.Fields(packed.Name)
	if len(words) < 2 {
		return f, fmt.Errorf("%q: want a path and an id", packed.Name)
	}
	f = File{ID: words[1], Path: words[0]}
	if unescaped, err := url.PathUnescape(f.Path); err == nil {
		f.Path = unescaped
	}
	data := slices.Clip(packed.Data) // a part of the archive, which nobody changes
	if data == nil {
		data = []byte{} // for none is a text that is not known
	}
	for _, word := range slices.Backward(words[2:]) {
		switch digest, isSum := strings.CutPrefix(word, sum); {
		case word == quoted:
			if data, err = quoting.Unquote(data); err != nil {
				return f, errOther
			}
		case word == cut:
			data = bytes.TrimSuffix(data, []byte("\n"))
		case word == unknown:
			return f, nil
		case isSum:
			if short(data) != digest {
				f.digest = digest
				return f, errOther
			}
		default:
			return f, fmt.Errorf("unknown word %q", word)
		}
	}
	f.Data = data
	return f, nil
}

// SameFiles reports whether the same was written by another lock.
func (l Lock) SameFiles(other Lock) bool {
	return slices.EqualFunc(l.Files, other.Files, func(a, b File) bool {
		return a.ID == b.ID && a.Path == b.Path && (a.Data == nil) == (b.Data == nil) && bytes.Equal(a.Data, b.Data)
	})
}

// Edited lists the paths of generated files that are no longer what was written, deleted ones among them.
func (l Lock) Edited(t tree.Tree) []string {
	var edited []string
	for _, f := range l.Files {
		if file, ok := t.File(f.Path); !ok || f.Data == nil || !bytes.Equal(file.Data, f.Data) {
			edited = append(edited, f.Path)
		}
	}
	return edited
}

// Pristine gives what gitopsgen wrote to a file; ok is false where that is no generated file.
func (l Lock) Pristine(file string) (data []byte, ok bool) {
	i := slices.IndexFunc(l.Files, func(f File) bool { return f.Path == file })
	if i < 0 {
		return nil, false
	}
	return l.Files[i].Data, true
}

// Rewrite notes that gitopsgen writes data to a file of its own from now on. The lock itself stays as it is.
func (l Lock) Rewrite(file string, data []byte) Lock {
	l.Files = slices.Clone(l.Files)
	for i, f := range l.Files {
		if f.Path == file {
			l.Files[i].Data = data
		}
	}
	return l
}

// Generated lists the paths of everything that gitopsgen wrote, besides gitopsgen.yaml.
func (l Lock) Generated() []string {
	paths := append([]string{Path}, l.before...)
	for _, f := range l.Files {
		paths = append(paths, f.Path, archivePath(archiveOf(f.Path)))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Untouched gives a function that says whether a file was generated, and is what was written.
func (l Lock) Untouched(t tree.Tree) func(file string) bool {
	untouched := map[string]bool{}
	for _, f := range l.Files {
		untouched[f.Path] = true
	}
	for _, file := range l.Edited(t) {
		untouched[file] = false
	}
	return func(file string) bool { return untouched[file] }
}
