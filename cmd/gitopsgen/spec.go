package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
)

func (p *program) spec() *cli.Command {
	return &cli.Command{
		Name:      "spec",
		Usage:     "about gitopsgen.yaml",
		UsageText: "gitopsgen spec schema",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fault.Misuse(fmt.Errorf("unknown command %q: want spec schema", "spec "+c.Args().First()))
			}
			return cli.ShowSubcommandHelp(c)
		},
		Subcommands: []*cli.Command{{
			Name:        "schema",
			Usage:       "print the JSON Schema of gitopsgen.yaml",
			UsageText:   "gitopsgen spec schema",
			Description: "example:\n   gitopsgen spec schema > spec.schema.json",
			Action: func(c *cli.Context) error {
				if err := noArgs(c); err != nil {
					return err
				}
				_, err := p.stdout.Write(blueprint.JSONSchema())
				return err
			},
		}},
	}
}
