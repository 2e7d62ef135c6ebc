package helm

import (
	"cmp"
	"context"
	"crypto/sha256"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Charts has what takes long to find out about charts that are rendered again and again. The zero Charts is empty.
type Charts struct {
	// loaded are by the digests of their files, and nobody changes them.
	loaded  memo.Table[string, *chart.Chart]
	schemas memo.Table[[sha256.Size]byte, compiled]
}

// load reads a chart, which the caller may change.
func (r Release) load(ctx context.Context, files []tree.File) (*chart.Chart, error) {
	if r.Content == "" {
		return Load(files)
	}
	c, err := cmp.Or(r.Charts, &Charts{}).loaded.Do(ctx, r.Content, func() (*chart.Chart, error) { return Load(files) })
	if err != nil {
		return nil, err
	}
	return copied(c), nil
}

// copied is a chart of which nothing that Helm or a template changes is another's. Values are, which
// are copied before they are changed.
func copied(c *chart.Chart) *chart.Chart {
	out, metadata := *c, *c.Metadata
	metadata.Dependencies = nil
	for _, d := range c.Metadata.Dependencies {
		one := *d
		metadata.Dependencies = append(metadata.Dependencies, &one)
	}
	out.Metadata = &metadata
	var dependencies []*chart.Chart
	for _, sub := range c.Dependencies() {
		dependencies = append(dependencies, copied(sub))
	}
	out.SetDependencies(dependencies...)
	return &out
}
