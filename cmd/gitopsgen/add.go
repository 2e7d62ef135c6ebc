package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/intent"
)

func (p *program) add() *cli.Command {
	return &cli.Command{
		Name:      "add",
		Usage:     "add a component to the platform",
		UsageText: "gitopsgen add [FLAGS] COMPONENT",
		Description: `COMPONENT is one of gitopsgen catalog. One that is an option of a capability serves it from now on, instead of what served it
so far; one that serves none is switched on. That is written into gitopsgen.yaml in the current directory, and what follows
is merged under the edits of users, as upgrade does it, checked and committed, all in one.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen add contour
   gitopsgen add --dry-run gatekeeper`,
		Flags:  upgradeFlags(),
		Action: p.wanting("COMPONENT", func(_ *cli.Context, name string) intent.Intent { return intent.Add(name) }),
	}
}

// wanting is the action of a command that names what is wanted of the platform.
func (p *program) wanting(what string, of func(c *cli.Context, name string) intent.Intent) cli.ActionFunc {
	return func(c *cli.Context) error {
		args, err := argsAmongFlags(c)
		if err != nil {
			return err
		}
		if len(args) != 1 {
			return fault.Misuse(fmt.Errorf("%d arguments: want one %s", len(args), what))
		}
		g, o, err := p.parseUpgrade(c, ".")
		if err != nil {
			return err
		}
		o.Intent = of(c, args[0])
		return p.runChange(c, g, o)
	}
}
