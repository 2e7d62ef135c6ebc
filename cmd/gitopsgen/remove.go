package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/intent"
)

func (p *program) remove() *cli.Command {
	return &cli.Command{
		Name:      "remove",
		Usage:     "remove a component from the platform",
		UsageText: "gitopsgen remove [FLAGS] COMPONENT",
		Description: `The capability that COMPONENT serves is served by nothing from now on, where the tier lets that be: what serves it instead
from outside is written {external: {by: ..., reason: ...}}. A component that serves none is switched off. That is written into
gitopsgen.yaml in the current directory, and what follows is merged under the edits of users, as upgrade does it, checked and
committed, all in one. Files that somebody edited stay, and are named.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen remove --dry-run gatekeeper
   gitopsgen remove grafana`,
		Flags:  upgradeFlags(),
		Action: p.wanting("COMPONENT", func(_ *cli.Context, name string) intent.Intent { return intent.Remove(name) }),
	}
}
