package generator

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// Platform is a spec with what its blueprint makes of it.
type Platform struct {
	Document *blueprint.Document
	// Spec has its defaults filled in.
	Spec      blueprint.Spec
	Blueprint blueprint.Blueprint
	// can tells of components that the spec names, and what the others are about; see Generator.describeWhole.
	can       blueprint.Description
	text      SpecText
	userFiles []tree.File
}

// Evaluate reads a spec, holds it against what its blueprint can do, and evaluates that.
func (g Generator) Evaluate(ctx context.Context, text SpecText) (p Platform, err error) {
	g.tell("evaluating the blueprint")
	defer g.tell("")
	p.text = text
	if p.Document, err = blueprint.Read(text.File, text.Text); err != nil {
		return p, err
	}
	p.Spec = p.Document.Spec.WithDefaults()
	source, done, err := g.source(p.Spec, text.Folder)
	if err != nil {
		return p, err
	}
	defer done()
	if p.can, err = blueprint.DescribeNamed(ctx, source, p.Spec); err != nil {
		return p, err
	}
	if err := p.Document.Check(p.can); err != nil {
		return p, err
	}
	if p.Blueprint, p.userFiles, err = blueprint.Evaluate(ctx, source, p.Spec); err != nil {
		return p, p.Document.Blame(err)
	}
	return p, nil
}

// describeWhole has a platform know what its blueprint can do with components that its spec does not name.
func (g Generator) describeWhole(ctx context.Context, p *Platform) error {
	source, done, err := g.source(p.Spec, p.text.Folder)
	if err != nil {
		return err
	}
	defer done()
	p.can, err = blueprint.Describe(ctx, source, p.Spec)
	return err
}

// source is where the blueprint of a spec is read; folder is that of the user's own. done has to be called.
func (g Generator) source(spec blueprint.Spec, folder string) (source blueprint.Source, done func(), err error) {
	source.Library, source.Kept, done = g.Blueprints, g.Kept, func() {}
	if spec.Blueprint == "" {
		return source, done, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return source, done, fmt.Errorf("reading %s: %w", folder, err)
	}
	source.User = root.FS()
	return source, func() { root.Close() }, nil
}

// tree lays the repository of a platform out.
func (g Generator) tree(ctx context.Context, p Platform, have upgrade.Existing) (tree.Tree, error) {
	source, done, err := g.source(p.Spec, p.text.Folder)
	if err != nil {
		return tree.Tree{}, err
	}
	defer done()
	var keys map[string]map[string]string
	var group errgroup.Group
	group.Go(func() (err error) {
		keys, err = NewKeys(source).Of(ctx, p.Spec)
		return err
	})
	admitting, err := g.admit(ctx, p, have.Tree)
	if err := cmp.Or(group.Wait(), err); err != nil {
		return tree.Tree{}, err
	}
	return layout.Tree(layout.Input{
		Spec: p.Spec, SpecText: p.text.Text, Blueprint: admitting, UserFiles: p.userFiles, RecordKeys: keys,
		Templates: g.Templates, Version: g.Version, Lock: have.Lock,
	})
}
