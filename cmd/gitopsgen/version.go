package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
)

// version is written into generated trees, so it is a constant of the source: the same source writes the same tree.
const version = "0.3.0"

func (p *program) version() *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "print the version",
		UsageText:   "gitopsgen version",
		Description: "example:\n   gitopsgen version",
		Action: func(c *cli.Context) error {
			if err := noArgs(c); err != nil {
				return err
			}
			_, err := fmt.Fprintln(p.Out, "gitopsgen "+version)
			return err
		},
	}
}

// noArgs refuses arguments.
func noArgs(c *cli.Context) error {
	if c.Args().Present() {
		return fault.Misuse(fmt.Errorf("unexpected argument %q", c.Args().First()))
	}
	return nil
}
