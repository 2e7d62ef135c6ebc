package main

import (
	"cmp"
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/review"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
)

func (p *program) diff() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "tell what a change does to the rendered objects, and what Argo CD will make of it",
		UsageText: "gitopsgen diff [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. Both states are rendered, and their objects compared field by field:
those of the last commit and of the work tree, unless flags name others. First comes what Argo CD deletes or the API server
refuses; what could not be compared is named. The repositories of --repo are on both sides what they are now.

status: 0 whether or not something differs, 1 with --exit-code where it does, 2 wrong command line, 3 could not work

examples:
   gitopsgen diff
   gitopsgen diff --from=origin/main --to=HEAD --format=markdown`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "from", Value: "HEAD", Usage: "compare the Git `REVISION` with the later state"},
			&cli.StringFlag{Name: "to", Usage: "the later state is the Git `REVISION`, and not the work tree"},
			&cli.BoolFlag{Name: "staged", Usage: "the later state is what is staged, and not the work tree"},
			&cli.StringFlag{Name: "settings-from", Usage: "take from the Git `REVISION` where the repository is served and which mirrors are asked, as a gate does from the branch that a change goes to"},
			formatFlag("text", review.Formats()),
			&cli.BoolFlag{Name: "exit-code", Usage: "end with status 1 where something differs"},
			repoFlag(),
		}, checkFlags()),
		Action: p.runDiff,
	}
}

func (p *program) runDiff(c *cli.Context) error {
	write, err := format(c, review.Formats())
	if err != nil {
		return err
	}
	o := generator.DiffOptions{From: snapshot.At{Revision: c.String("from")}}
	if o.RenderOptions, err = withCheckouts(c); err != nil {
		return err
	}
	if o.To, err = p.state(c, "to"); err == nil && o.From.Revision == "" {
		err = fault.Misuse(errors.New("--from: want a branch, a tag or a commit"))
	}
	if err != nil {
		return err
	}
	g, dir, err := p.where(c)
	if err == nil && c.IsSet("settings-from") {
		o.Settings, err = g.ReadSettings(c.Context, dir, c.String("settings-from"), blueprint.Medium)
	}
	if err != nil {
		return err
	}
	d, err := g.Diff(c.Context, dir, o)
	if err == nil {
		err = write(p.Out, review.Review{Difference: d.Difference, Color: p.Color})
	}
	if err == nil && d.Failure == nil && c.Bool("exit-code") && !d.Empty() {
		return errFindings
	}
	return cmp.Or(err, d.Failure)
}
