package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/catalog"
	"github.com/gitopsgen/gitopsgen/generator/listing"
)

func (p *program) catalog() *cli.Command {
	return &cli.Command{
		Name:      "catalog",
		Usage:     "list what a platform can do, and the options for it",
		UsageText: "gitopsgen catalog [FLAGS]",
		Description: `Each capability has what every tier takes for it and how much the tier asks for it, and all options that there are, with
their charts. "not yet" marks what the catalogue lacks so far. --params tells what can be set of a component, in gitopsgen.yaml
under components.NAME.params.

examples:
   gitopsgen catalog
   gitopsgen catalog --tier=small --format=markdown
   gitopsgen catalog --params=velero`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "tier", Usage: "only this tier: small, medium or enterprise"},
			&cli.StringFlag{Name: "params", Usage: "what can be set of `COMPONENT`, with type, default and meaning"},
			formatFlag("table", listing.Catalog),
		},
		Action: p.runCatalog,
	}
}

func (p *program) runCatalog(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	write, err := format(c, listing.Catalog)
	if err != nil {
		return err
	}
	tiers := []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise}
	if c.IsSet("tier") {
		tier, err := parseTier(c)
		if err != nil {
			return err
		}
		tiers = []blueprint.Tier{tier}
	}
	if c.IsSet("params") {
		all, err := catalog.ReadParameters(c.Context, blueprints.FS, tiers, c.String("params"))
		if err != nil {
			return err
		}
		return listing.Parameters[c.String("format")](p.Out, all, tiers) // which has the formats of the catalogue
	}
	entries, err := catalog.Read(c.Context, blueprints.FS, tiers)
	if err != nil {
		return err
	}
	return write(p.Out, entries, tiers)
}
