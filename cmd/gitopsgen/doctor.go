package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) doctor() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "say what is still to be done before the bootstrap, and how much the platform asks for",
		UsageText: "gitopsgen doctor [DIR]",
		Description: `DIR is the current directory unless given. Each thing is told with its place and with what to do about it.

Secrets are told and not counted: whether they are there shows on the cluster alone. So is
what is lost with a cluster because nothing backs it up: no bootstrap waits for that.

What the pods of the platform ask for is summed by cluster and, where clusters[].nodes names the machines, for each of them.
It is summed from charts that are at hand and from what is known of others. Kubernetes itself, Jobs and what operators start
beside their servers come on top.

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
	g := p.with(supply.Options{Offline: true})
	platform, todo, err := g.Chores(c.Context, dir)
	if err != nil {
		return err
	}
	left, err := listing.Chores(p.Out, platform.Spec.Name, todo)
	if err != nil {
		return err
	}
	sizes, err := g.Sizes(c.Context, dir, platform)
	if err != nil {
		return err
	}
	if err := listing.Sizes(p.Out, sizes); err != nil {
		return err
	}
	if left > 0 {
		return errFindings
	}
	return nil
}
