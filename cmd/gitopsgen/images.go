package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/listing"
)

func (p *program) images() *cli.Command {
	return &cli.Command{
		Name:      "images",
		Usage:     "list all images that a repository runs",
		UsageText: "gitopsgen images [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. In a Git work tree the whole of it is read, and the images are those of what
stands below DIR, or has its source there. Images in arguments, environment, ConfigMaps and custom resources are among
them, for operators run those. Where a chart is not at hand, what was recorded of it counts. A list that may lack images,
because something could not be rendered, ends with status 3.

With registries.mirror the list names the mirror's images; json tells for each what it is a copy of, and skopeo is a file
for "skopeo sync --src yaml" that names the originals.

examples:
   gitopsgen images
   gitopsgen images --format=skopeo > images.yaml
   skopeo sync --src yaml --dest docker --scoped images.yaml registry.example.org/mirror`,
		Flags: append([]cli.Flag{
			formatFlag("list", listing.Images),
			repoFlag(),
		}, checkFlags()...),
		Action: p.runImages,
	}
}

func (p *program) runImages(c *cli.Context) error {
	write, err := format(c, listing.Images)
	if err != nil {
		return err
	}
	o, err := withCheckouts(c)
	if err != nil {
		return err
	}
	g, repository, err := p.open(c, blueprint.Medium)
	if err != nil {
		return err
	}
	r, err := g.Render(c.Context, repository, o)
	if err != nil {
		return err
	}
	images, err := g.UsedImages(c.Context, r)
	if err != nil {
		return err
	}
	if err := write(p.Out, images); err != nil {
		return err
	}
	for _, note := range r.Notes {
		p.Note(note)
	}
	lacking := listing.Lacking{}.Write(p.Err, r.Result)
	if r.Failure == nil && lacking != "" {
		return fmt.Errorf("the list may lack images: %s not rendered", lacking)
	}
	return r.Failure
}
