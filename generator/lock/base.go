package lock

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	quoting "github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// baseDir holds an archive of generated files for each cluster, and one for the rest.
const baseDir = ".gitopsgen/base"

// File is a file as gitopsgen wrote it.
type File struct {
	// ID stays the same when a later version moves the file.
	ID   string
	Path string
	// Data is nil where it is not known any more: then the file counts as edited.
	Data []byte
}

// The words behind the path and the ID in an archive, of files that it cannot hold as they are.
const (
	quoted = "quoted" // each line behind a ">"
	cut    = "cut"    // without the line end that the archive adds
)

const baseHead = "Written by gitopsgen: the files as it wrote them, by path and id. The next merge starts from here: edit nothing.\n"

// Archives are the files, as they stand in the repository.
func (l Lock) Archives() ([]tree.File, error) {
	archives := map[string]*txtar.Archive{}
	for _, f := range l.Files {
		name := archiveOf(f.Path)
		if archives[name] == nil {
			archives[name] = &txtar.Archive{Comment: []byte(baseHead)}
		}
		packed, err := f.pack()
		if err != nil {
			return nil, err
		}
		archives[name].Files = append(archives[name].Files, packed)
	}
	var files []tree.File
	for _, name := range slices.Sorted(maps.Keys(archives)) {
		files = append(files, tree.File{Path: path.Join(baseDir, name+".txtar"), Data: txtar.Format(archives[name])})
	}
	return files, nil
}

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
	name, data := f.Path+" "+f.ID, f.Data
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		name, data = name+" "+cut, append(slices.Clone(data), '\n')
	}
	if !bytes.HasPrefix(data, []byte("-- ")) && !bytes.Contains(data, []byte("\n-- ")) {
		return txtar.File{Name: name, Data: data}, nil
	}
	data, err := quoting.Quote(data)
	if err != nil {
		return txtar.File{}, fmt.Errorf("%s: %w", f.Path, err)
	}
	return txtar.File{Name: name + " " + quoted, Data: data}, nil
}

// readBase reads the archives of a tree.
func readBase(t tree.Tree) ([]File, error) {
	var files []File
	for _, archive := range t.Under(baseDir) {
		for _, packed := range txtar.Parse(archive.Data).Files {
			f, err := unpack(packed)
			if err != nil {
				return nil, fmt.Errorf("%s: not an archive that this gitopsgen knows: %q: %w", archive.Path, packed.Name, err)
			}
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, fmt.Errorf("%s: %s stands there twice", baseDir, files[i].Path)
		}
	}
	return files, nil
}

func unpack(packed txtar.File) (f File, err error) {
	words := strings.Fields(packed.Name)
	if len(words) < 2 {
		return f, fmt.Errorf("want a path and an id")
	}
	f = File{ID: words[1], Path: words[0], Data: packed.Data}
	for _, word := range slices.Backward(words[2:]) {
		switch word {
		case quoted:
			if f.Data, err = quoting.Unquote(f.Data); err != nil {
				return f, err
			}
		case cut:
			f.Data = bytes.TrimSuffix(f.Data, []byte("\n"))
		default:
			return f, fmt.Errorf("unknown word %q", word)
		}
	}
	if f.Data == nil {
		f.Data = []byte{}
	}
	return f, nil
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
		paths = append(paths, f.Path, path.Join(baseDir, archiveOf(f.Path)+".txtar"))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
