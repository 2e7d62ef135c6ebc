package chart

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
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

// In gives the files of the chart in a directory of a tree, with their paths inside of it.
func In(t tree.Tree, dir string) []tree.File {
	var files []tree.File
	dir = t.Real(dir)
	for _, f := range t.Under(dir) {
		if !hidesFiles(f.Path) {
			if dir != "." {
				f.Path = strings.TrimPrefix(f.Path, dir+"/")
			}
			files = append(files, tree.File{Path: f.Path, Data: f.Data})
		}
	}
	return files
}
