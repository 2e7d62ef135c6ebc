package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/ignore"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// ChartRef names a chart as a kustomization does.
type ChartRef struct {
	Repo, Name, Version string
}

// String gives the chart's name and version.
func (c ChartRef) String() string { return strings.TrimSpace(c.Name + " " + c.Version) }

// Charts is a place that charts come from.
type Charts interface {
	// Chart gives the files of a chart by their paths inside of it (Chart.yaml, templates/...). The error is
	// ErrNoChart where this place does not have the chart.
	Chart(ctx context.Context, ref ChartRef) ([]tree.File, error)
}

// ErrNoChart says that a place does not have a chart.
var ErrNoChart = errors.New("no such chart here")

// Folder is a folder of packaged charts, <name>-<version>.tgz, that stands for the repositories below a URL.
type Folder struct {
	// From begins the URLs of the repositories that it stands for.
	From string
	FS   fs.FS
}

// Chart implements Charts.
func (f Folder) Chart(_ context.Context, ref ChartRef) ([]tree.File, error) {
	from := strings.TrimSuffix(f.From, "/")
	file := ref.Name + "-" + ref.Version + ".tgz"
	if ref.Repo != from && !strings.HasPrefix(ref.Repo, from+"/") || !fs.ValidPath(file) {
		return nil, ErrNoChart
	}
	data, err := fs.ReadFile(f.FS, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoChart
	}
	if err != nil {
		return nil, err
	}
	buffered, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	files := make([]tree.File, len(buffered))
	for i, b := range buffered {
		files[i] = tree.File{Path: b.Name, Data: b.Data}
	}
	return files, nil
}

// vendored are the charts below a directory of the repository, in kustomize's layout.
type vendored struct {
	tree tree.Tree
	home string
}

// Chart implements Charts.
func (v vendored) Chart(_ context.Context, ref ChartRef) ([]tree.File, error) {
	dir := path.Join(v.home, ref.Name)
	if ref.Version != "" && ref.Repo != "" {
		dir = path.Join(v.home, ref.Name+"-"+ref.Version, ref.Name)
	}
	var files []tree.File
	for _, f := range v.tree.Under(dir) {
		files = append(files, tree.File{Path: strings.TrimPrefix(f.Path, dir+"/"), Data: f.Data})
	}
	if len(files) == 0 {
		return nil, ErrNoChart
	}
	return files, nil
}

// withoutIgnored leaves out what the chart's .helmignore names, as Helm does where it loads a directory.
func withoutIgnored(files []tree.File) ([]tree.File, error) {
	t, err := tree.New(files...)
	if err != nil {
		return nil, err
	}
	rules := ignore.Empty()
	if f, ok := t.File(ignore.HelmIgnore); ok {
		if rules, err = ignore.Parse(bytes.NewReader(f.Data)); err != nil {
			return nil, fmt.Errorf("%s: %w", ignore.HelmIgnore, err)
		}
	}
	rules.AddDefaults()
	var kept []tree.File
	err = fs.WalkDir(t.FS("."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		switch ignored := rules.Ignore(p, info); {
		case ignored && d.IsDir():
			return fs.SkipDir
		case !ignored && !d.IsDir():
			f, _ := t.File(p)
			f.Data = bytes.TrimPrefix(f.Data, []byte("\ufeff"))
			kept = append(kept, f)
		}
		return nil
	})
	return kept, err
}
