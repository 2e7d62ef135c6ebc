package main

import (
	"cmp"
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) lock() *cli.Command {
	return &cli.Command{
		Name:      "lock",
		Usage:     "pin the charts of a repository by their bytes",
		UsageText: "gitopsgen lock [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. Every chart that a kustomization or an Application names, or that a chart
in the repository depends on, is fetched, and the digests of its archive and of the files in it go to ` + lock.Path + `.
From then on lint, render and scaffold refuse other bytes. What is locked already is checked, and never overwritten; a chart
whose version changed is locked anew. A range of versions is locked to the newest, and stays so. Where charts are vendored, that
is brought up to date too.

status: 0 all is locked, 1 with --check: it is not, 2 wrong command line, 3 could not work, or other bytes than the lock's

examples:
   gitopsgen lock
   gitopsgen lock --check --offline
   gitopsgen lock --record
   gitopsgen lock --accept my-platform`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing, and fail if there is something to write"},
			&cli.BoolFlag{Name: "record", Usage: "keep in the repository what charts render to where gitopsgen has no record of it, to judge them by where they are not at hand"},
			&cli.BoolFlag{Name: "accept", Usage: "take other bytes than the lock's for right, and the newest versions in ranges"},
			formatFlag("text", listing.Lock),
		}, chartFlags()...),
		Action: p.runLock,
	}
}

func (p *program) runLock(c *cli.Context) error {
	write, err := format(c, listing.Lock)
	if err != nil {
		return err
	}
	o := generator.LockOptions{Check: c.Bool("check"), LockOptions: supply.LockOptions{Accept: c.Bool("accept")}}
	if o.Check && (o.Accept || c.Bool("record")) {
		return fault.Misuse(errors.New("--check writes nothing, so there is nothing to --accept or --record"))
	}
	from, err := p.parseCharts(c)
	if err != nil {
		return err
	}
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	fresh := from
	fresh.Fresh = true
	locked, err := p.with(fresh).Lock(c.Context, dir, o)
	if err != nil {
		return err
	}
	if err := write(p.Out, locked.Report); err != nil {
		return err
	}
	if o.Check && locked.Changed && locked.Failure() == nil {
		return errFindings
	}
	return p.afterLock(c, p.with(from), dir, locked)
}

// afterLock brings along what hangs on the lock: vendored charts, and records.
func (p *program) afterLock(c *cli.Context, g generator.Generator, dir string, locked supply.Locked) error {
	failure, told := locked.Failure(), p.Out
	if c.String("format") != "text" {
		told = p.Err // stdout holds one document
	}
	if failure == nil && len(locked.Lock.Vendored) > 0 && !c.Bool("check") {
		failure = bring(c.Context, g, dir, told)
	}
	if !c.Bool("record") || locked.Refused() {
		return failure
	}
	components, faults, err := g.RecordOwn(c.Context, dir)
	if err != nil {
		return err
	}
	return cmp.Or(listing.Recorded(told, components, faults), failure)
}
