package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) status() *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "say whether a repository is as this version would write it",
		UsageText: "gitopsgen status [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. It counts what an upgrade would change, by this version or by what was changed in
gitopsgen.yaml, conflicts that are to be decided, and a write that was stopped. What users edited, moved and deleted is told and
not counted, and so is what the catalogue lacks. Nothing is rendered, fetched or written.

status: 0 nothing is to be done, 1 something is, 2 wrong command line, 3 could not work

examples:
   gitopsgen status
   gitopsgen status --format=json my-platform`,
		Flags:  []cli.Flag{formatFlag("text", listing.Status)},
		Action: p.runStatus,
	}
}

func (p *program) runStatus(c *cli.Context) error {
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	write, err := format(c, listing.Status)
	if err != nil {
		return err
	}
	s, err := p.with(supply.Options{Offline: true}).Status(c.Context, dir)
	if err != nil {
		return err
	}
	if err := write(p.Out, s); err != nil {
		return err
	}
	if !s.Current() {
		return errFindings
	}
	return nil
}
