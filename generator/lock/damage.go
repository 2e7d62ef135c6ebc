package lock

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Damage is a part of the archives that is not as gitopsgen wrote it.
type Damage struct {
	// Archive is the file that it is in, and Line where; zero is that the file is not there.
	Archive string
	Line    int
	// File is the generated file that it is about; empty is all that is in the archive.
	File string
	What string
}

func (d Damage) Error() string {
	at := d.Archive
	if d.Line > 0 {
		at = fmt.Sprintf("%s:%d:1", at, d.Line)
	}
	if d.File == "" {
		return at + ": " + d.What
	}
	return fmt.Sprintf("%s: of %s: %s", at, d.File, d.What)
}

// errOther says that a text is another one than was written.
var errOther = errors.New("this is not what gitopsgen wrote")

// told is how many damages an error lists.
const told = 5

// Sound gives an error unless it is known of all files what gitopsgen wrote. Whoever merges without would take what somebody wrote for
// gitopsgen's own.
func (l Lock) Sound() error {
	if len(l.Damaged) == 0 {
		return nil
	}
	var errs []error
	for _, d := range l.Damaged[:min(told, len(l.Damaged))] {
		errs = append(errs, d)
	}
	if more := len(l.Damaged) - told; more > 0 {
		errs = append(errs, fmt.Errorf("%s: %d more of that kind", baseDir, more))
	}
	return fault.Hint(errors.Join(errs...), "git restore .gitopsgen undoes it where it is not committed; gitopsgen upgrade --repair-base says what is known, and mends it")
}

// readBase reads the archives of a tree.
func (l *Lock) readBase(t tree.Tree) {
	in := map[string]string{}
	for _, archive := range t.Under(baseDir) {
		if path.Ext(archive.Path) == archiveEnding {
			l.readArchive(archive, in)
		}
	}
	for _, name := range l.Base {
		if _, there := t.File(archivePath(name)); !there {
			why := cmp.Or(t.WhyUnread(archivePath(name)), "it is not there")
			l.Damaged = append(l.Damaged, Damage{Archive: archivePath(name), What: why + ", and holds what gitopsgen wrote"})
		}
	}
	slices.SortFunc(l.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}

// readArchive reads one archive; in is where each file was read.
func (l *Lock) readArchive(archive tree.File, in map[string]string) {
	before := len(l.Damaged)
	files := txtar.Parse(archive.Data).Files
	if last := len(files) - 1; last >= 0 && files[last].Name == end {
		files = files[:last]
	} else if slices.Contains(l.Base, archiveName(archive.Path)) {
		l.Damaged = append(l.Damaged, Damage{archive.Path, bytes.Count(bytes.TrimSuffix(archive.Data, []byte("\n")), []byte("\n")) + 1, "", "its end is missing"})
	}
	for _, packed := range files {
		f, err := unpack(packed)
		at, twice := in[f.Path]
		switch {
		case f.ID == specID:
			l.Spec = f.Data
			continue
		case twice:
			err = fmt.Errorf("it stands in %s, too", at)
			i := slices.IndexFunc(l.Files, func(other File) bool { return other.Path == f.Path })
			l.Files[i].Data, l.Files[i].digest = nil, ""
		case f.ID != "":
			in[f.Path] = archive.Path
			l.Files = append(l.Files, f)
		}
		if err != nil {
			l.Damaged = append(l.Damaged, Damage{archive.Path, lineOf(archive.Data, packed.Name), f.Path, err.Error()})
		}
	}
	if line := conflict(archive.Data); line > 0 && len(l.Damaged) > before {
		l.Damaged = slices.Insert(l.Damaged, before, Damage{Archive: archive.Path, Line: line, What: "a conflict that Git left here is not resolved"})
	}
}

// lineOf gives the line on which a file of an archive begins.
func lineOf(archive []byte, name string) int {
	at := bytes.Index(archive, []byte("-- "+name+" --"))
	return bytes.Count(archive[:max(at, 0)], []byte("\n")) + 1
}

func archiveName(file string) string { return strings.TrimSuffix(path.Base(file), archiveEnding) }

// archives are the names of those that hold the files, and of those that hold what is not known.
func (l Lock) archives() []string {
	var names []string
	for _, f := range l.Files {
		names = append(names, archiveOf(f.Path))
	}
	for _, d := range l.Damaged {
		names = append(names, archiveName(d.Archive))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
