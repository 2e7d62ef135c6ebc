package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

func (p *program) spec() *cli.Command {
	return &cli.Command{
		Name:      "spec",
		Usage:     "about gitopsgen.yaml",
		UsageText: "gitopsgen spec schema",
		Subcommands: []*cli.Command{{
			Name:        "schema",
			Usage:       "print the JSON Schema of gitopsgen.yaml",
			UsageText:   "gitopsgen spec schema",
			Description: "example:\n   gitopsgen spec schema > spec.schema.json",
			Action: func(c *cli.Context) error {
				if err := noArgs(c); err != nil {
					return err
				}
				_, err := p.Out.Write(blueprint.JSONSchema())
				return err
			},
		}},
	}
}
