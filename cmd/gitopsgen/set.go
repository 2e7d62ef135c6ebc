package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
)

func (p *program) set() *cli.Command {
	return &cli.Command{
		Name:      "set",
		Usage:     "set fields of gitopsgen.yaml, and write what follows from that",
		UsageText: "gitopsgen set [FLAGS] KEY=VALUE...",
		Description: `KEY is the way to a field of gitopsgen.yaml in the current directory, VALUE is YAML: all else in the file stays as it is.
KEY= takes the field away, so that its default counts again; KEY='""' is an empty text. What follows is merged under the
edits of users, as upgrade does it, checked and committed, all in one.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen set capabilities.ingress=contour
   gitopsgen set domain=acme.example.org 'clusters[0].networks.loadBalancer=[192.0.2.64/28]'
   gitopsgen set --dry-run components.grafana.params.replicas=2
   gitopsgen set components.grafana.values.persistence=`,
		Flags:  upgradeFlags(),
		Action: p.runSet,
	}
}

func (p *program) runSet(c *cli.Context) error {
	texts, err := argsAmongFlags(c)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return fault.Misuse(fault.Hint(fmt.Errorf("want KEY=VALUE"), "such as gitopsgen set domain=example.org"))
	}
	g, o, err := p.parseUpgrade(c, ".")
	if err != nil {
		return err
	}
	for _, text := range texts {
		s, err := edit.Parse(text)
		if err != nil {
			return fault.Misuse(err)
		}
		s.From = text
		o.Settings = append(o.Settings, s)
	}
	return p.runChange(c, g, o)
}
