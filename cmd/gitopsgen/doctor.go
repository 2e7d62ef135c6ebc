package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) doctor() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "say what is still to be done before the bootstrap",
		UsageText: "gitopsgen doctor [DIR]",
		Description: `DIR is the current directory unless given. Each thing is told with its place and with what to do about it.

Secrets are told and not counted: whether they are there shows on the cluster alone.

status: 0 nothing is left to do, 1 something is, 3 could not work

examples:
   gitopsgen doctor
   gitopsgen doctor my-platform`,
		Action: p.runDoctor,
	}
}

func (p *program) runDoctor(c *cli.Context) error {
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	name, todo, err := p.with(supply.Options{Offline: true}).Chores(c.Context, dir)
	if err != nil {
		return err
	}
	left, err := listing.Chores(p.Out, name, todo)
	if err == nil && left > 0 {
		return errFindings
	}
	return err
}
