package build

import (
	"context"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/knowledge"
	"github.com/gitopsgen/gitopsgen/generator/values"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Name is name and version of the chart, as it says itself.
func (i Inflated) Name() string {
	m := chart.MetadataIn(i.files)
	return chart.Ref{Name: m.Name, Version: m.Version}.String()
}

// Layers are the values that the unit is given.
func (i Inflated) Layers() []values.Layer { return i.unit.Layers }

// Unknown finds the values that a chart's unit is given and the chart does not know: none where it was not rendered, which is told.
// An error means that ctx has ended or a limit was passed.
func (b *Builder) Unknown(ctx context.Context, i Inflated) ([]knowledge.Value, error) {
	if i.err != nil {
		return nil, nil
	}
	known, err := b.knowledge(ctx, i)
	return known.Unknown(i.unit.Layers), err
}

// knowledge is what the chart of a unit knows. What it is given may be templates, which read more.
func (b *Builder) knowledge(ctx context.Context, i Inflated) (knowledge.Chart, error) {
	texts := knowledge.Templates(i.release.Values)
	of := func() (known knowledge.Chart, err error) {
		c, err := helm.Load(i.files)
		if err != nil {
			return known, err
		}
		found := make(chan knowledge.Chart, 1)
		if err = watchdog.Run(ctx, b.options.Limits, func() { found <- knowledge.Of(c, texts...) }); err == nil {
			known = <-found
		}
		return known, err
	}
	if len(texts) > 0 {
		return of()
	}
	return b.known.Do(ctx, i.content, of)
}
