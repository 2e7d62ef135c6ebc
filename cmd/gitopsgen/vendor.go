package main

import (
	"cmp"
	"context"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/lock"
)

func (p *program) vendor() *cli.Command {
	return &cli.Command{
		Name:      "vendor",
		Usage:     "put the charts into the repository, so that Argo CD needs no network for them",
		UsageText: "gitopsgen vendor [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. The files of every chart that a kustomization names go to
` + lock.ChartHome + `/<name>-<version>/<name>, where kustomize finds them by helmGlobals.chartHome, and their digests to the lock. Where an
entry names no valuesFile, kustomize wants the chart below its own kustomization, and there it goes. Charts that nothing
needs any more are removed, if gitopsgen put them there. Charts of Applications are pinned and stay where they are: Argo CD
fetches them itself. Nothing is committed.

status: 0 all is here, 1 with --check: it is not, 2 wrong command line, 3 could not work, or other bytes than the lock's

examples:
   gitopsgen vendor
   gitopsgen vendor --check
   gitopsgen vendor --chart-mirror https://charts.example.org=oci://registry.example.org/charts`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing and ask nobody, and fail if a chart is not here as the lock has it"},
		}, chartFlags()...),
		Action: p.runVendor,
	}
}

func (p *program) runVendor(c *cli.Context) error {
	g, err := p.generator(c)
	if err != nil {
		return err
	}
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	if !c.Bool("check") {
		return bring(c.Context, g, dir, p.Out)
	}
	wrong, needed, err := g.Vendored(dir)
	if err != nil {
		return err
	}
	if err := listing.Vendored(p.Out, wrong, needed); err != nil || len(wrong) == 0 {
		return err
	}
	return errFindings
}

// bring puts the charts into the repository in dir, and tells w.
func bring(ctx context.Context, g generator.Generator, dir string, w io.Writer) error {
	pinned, v, err := g.Vendor(ctx, dir)
	if err != nil {
		return err
	}
	if failure := pinned.Failure(); failure != nil {
		return cmp.Or(listing.Lock["text"](w, pinned.Report), failure)
	}
	return cmp.Or(listing.Vendoring(w, v), v.Unseen)
}
