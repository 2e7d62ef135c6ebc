package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/intent"
)

func (p *program) remove() *cli.Command {
	return &cli.Command{
		Name:      "remove",
		Usage:     "remove a component, a workload, a team or a cluster from the platform",
		UsageText: "gitopsgen remove [FLAGS] COMPONENT\n   gitopsgen remove [FLAGS] workload|team|cluster NAME",
		Description: `The capability that COMPONENT serves is served by nothing from now on, where the tier lets that be; what serves it instead
from outside is written by gitopsgen set. A component that serves none is switched off. That is written into gitopsgen.yaml in
the current directory, and what follows is merged under the edits of users, as upgrade does it, checked and committed, all in
one. Files that somebody edited stay, and are named; those of workloads are yours.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen remove --dry-run gatekeeper
   gitopsgen remove grafana
   gitopsgen remove team lights`,
		Flags:  upgradeFlags(),
		Action: func(c *cli.Context) error { return p.want(c, intent.Remove, intent.RemoveNamed) },
	}
}
