package chart

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Folder is a folder of packaged charts, <name>-<version>.tgz, that stands for the repositories below a URL.
type Folder struct {
	// From begins the URLs of the repositories that it stands for.
	From string
	FS   fs.FS
}

// Chart gives a chart of the folder.
func (f Folder) Chart(_ context.Context, ref Ref) (Chart, error) {
	file := ref.Name + "-" + ref.Version + ".tgz"
	if _, ok := below(ref.Repo, f.From); !ok || !fs.ValidPath(file) {
		return Chart{}, ErrNone
	}
	info, err := fs.Stat(f.FS, file)
	if errors.Is(err, fs.ErrNotExist) {
		return Chart{}, ErrNone
	}
	if err == nil && info.Size() > MaxArchive {
		return Chart{}, fmt.Errorf("%s: its archive %w", file, ErrTooLarge)
	}
	if err != nil {
		return Chart{}, err
	}
	data, err := fs.ReadFile(f.FS, file)
	if err != nil {
		return Chart{}, err
	}
	c, err := Unpack(data)
	if err != nil {
		return Chart{}, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// below gives what follows the prefix from in the URL of a repository; ok is false where it does not begin so.
func below(repo, from string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(strings.TrimSuffix(repo, "/"), strings.TrimSuffix(from, "/"))
	return rest, ok && (rest == "" || strings.HasPrefix(rest, "/"))
}

// Home is a directory of unpacked charts in a tree, in kustomize's layout.
type Home struct {
	Tree tree.Tree
	Dir  string
}

// File is the file that makes a directory a chart.
const File = "Chart.yaml"

// Folder is where kustomize looks for a chart.
func (h Home) Folder(ref Ref) string {
	if ref.Version != "" && ref.Repo != "" {
		return path.Join(h.Dir, ref.Name+"-"+ref.Version, ref.Name)
	}
	return path.Join(h.Dir, ref.Name)
}

// Chart gives a chart of the directory.
func (h Home) Chart(_ context.Context, ref Ref) (Chart, error) {
	files := In(h.Tree, h.Folder(ref))
	if len(files) == 0 {
		return Chart{}, ErrNone
	}
	return New(files), nil
}

// In gives the files of the chart in a directory of a tree, with their paths inside of it. Links to folders are followed, as Helm
// does.
func In(t tree.Tree, dir string) []tree.File {
	f := following{Tree: t}
	f.add([]string{t.Real(dir)}, "")
	return f.files
}

// maxLinks bounds the links that are followed in one chart, which may lead to each other.
const maxLinks = 1000

// following gathers the files of a chart.
type following struct {
	tree.Tree
	files []tree.File
	links int
}

// add adds the files of the last of some directories, each of which is linked from the one before, below a path. Circles end
// where they begin.
func (f *following) add(way []string, below string) {
	dir := way[len(way)-1]
	inside := func(p string) (string, bool) {
		if dir == "." {
			return path.Join(below, p), true
		}
		p, is := strings.CutPrefix(p, dir+"/")
		return path.Join(below, p), is
	}
	for _, file := range f.Under(dir) {
		if p, _ := inside(file.Path); !hidesFiles(p) {
			f.files = append(f.files, tree.File{Path: p, Data: file.Data})
		}
	}
	for _, u := range f.Unread() {
		p, is := inside(u.Path)
		if !is || !u.Folder || u.Target == "" || f.links >= maxLinks || len(f.files) > maxFiles {
			continue
		}
		target := f.Real(u.Target)
		if slices.ContainsFunc(way, func(d string) bool { return tree.Within(d, target) }) {
			continue
		}
		f.links++
		f.add(append(slices.Clone(way), target), p)
	}
}
