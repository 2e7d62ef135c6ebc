package chart

import (
	"fmt"
	"path"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

const (
	// MaxNested bounds charts in charts, and charts that need charts of the repository.
	MaxNested = 16
	// maxWhole bounds what the archives in a chart unpack to; a large platform's charts have a tenth of it all together.
	maxWhole = 200 << 20
)

// Whole gives the files of a chart with those of the archives in its folder charts unpacked, to any depth that somebody needs.
func Whole(files []tree.File) ([]tree.File, error) { return whole(files, 0) }

func whole(files []tree.File, depth int) ([]tree.File, error) {
	if depth > MaxNested {
		return nil, fmt.Errorf("its charts are packed in each other, more than %d deep", MaxNested)
	}
	var all []tree.File
	size := 0
	for _, f := range files {
		at, packed := strings.CutSuffix(f.Path, ".tgz")
		if !packed || path.Dir(f.Path) != "charts" {
			all = append(all, f)
			continue
		}
		c, err := Unpack(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		below, err := whole(c.Files, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, b := range below {
			if size += len(b.Data); size > maxWhole {
				return nil, fmt.Errorf("its charts unpack to more than %d MiB", maxWhole>>20)
			}
			all = append(all, tree.File{Path: path.Join(at, b.Path), Data: b.Data})
		}
	}
	return all, nil
}
