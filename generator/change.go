package generator

import (
	"context"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/intent"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// change gives the settings of an upgrade: those that are known, and those by which the platform becomes what is wanted of it.
func (g Generator) change(ctx context.Context, o UpgradeOptions, t tree.Tree) ([]edit.Setting, error) {
	if o.Intent == nil {
		return o.Settings, nil
	}
	text, _, err := g.Spec(SpecOptions{Dir: o.Dir, Name: blueprint.DefaultName})
	if err != nil {
		return nil, err
	}
	p, err := g.Evaluate(ctx, text)
	if err != nil {
		return nil, err
	}
	if err := g.describeWhole(ctx, &p); err != nil {
		return nil, err
	}
	so := intent.Platform{Spec: p.Document.Spec, Can: p.can, Choices: p.Blueprint.Capabilities, Tree: t}
	for _, platform := range p.Blueprint.Clusters {
		for _, c := range platform.Components {
			so.Components = append(so.Components, c.Name)
		}
	}
	more, err := o.Intent(so)
	return slices.Concat(o.Settings, more), err
}
