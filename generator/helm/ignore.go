package helm

import (
	"bytes"
	"fmt"
	"io/fs"

	"helm.sh/helm/v4/pkg/ignore"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

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
