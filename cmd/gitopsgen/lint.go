package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

func (p *program) lint() *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "check a repository as Argo CD would render it",
		UsageText: "gitopsgen lint [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. In a folder without Argo CD Applications every kustomization and
every manifest stands for itself.

The report says which rules are off or softened, which parameters are set and what waivers excuse, and by which line. In
a gate all that is taken from the branch that a change goes to: else who changes the repository says how it is judged.

status: 0 nothing found at or above --fail-on, 1 something found, 2 wrong command line, 3 could not work

examples:
   gitopsgen lint
   gitopsgen lint --format json --fail-on warning
   gitopsgen lint --settings-from=origin/main
   gitopsgen lint --chart-mirror https://charts.example.org=./charts my-platform`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the report: " + wording.Either(report.Formats())},
			&cli.StringFlag{Name: "settings-from", Usage: "take severities, parameters, policies and waivers from the Git `REVISION`, as a gate does from the branch that a change goes to"},
			&cli.StringFlag{Name: "since", Usage: "tell only what is found since the Git `REVISION`: since the newest commit that it has in common with what is judged"},
			&cli.IntFlag{Name: "max-findings", Usage: "list the `NUMBER` worst findings, and count the others"},
			&cli.StringFlag{Name: "tier", Value: string(blueprint.Medium), Usage: "how strict to be where gitopsgen.yaml has no tier: small, medium or enterprise"},
		}, stateFlags(), judgeFlags()),
		Action: p.runLint,
	}
}

func (p *program) runLint(c *cli.Context) error {
	write, err := report.For(c.String("format"))
	if err != nil {
		return fault.Misuse(fmt.Errorf("--format: %w", err))
	}
	tier, err := parseTier(c)
	if err != nil {
		return err
	}
	least, err := failOn(c)
	if err != nil {
		return err
	}
	g, r, err := p.open(c, tier)
	if err != nil {
		return err
	}
	o := generator.CheckOptions{RenderOptions: renderOptions(c), Most: c.Int("max-findings")}
	if o.Most < 0 {
		return fault.Misuse(fmt.Errorf("--max-findings %d: want a number of findings", o.Most))
	}
	if c.IsSet("since") {
		at, _ := p.at(c) // open has taken it
		if o.Since, err = g.OpenSince(c.Context, r, at, c.String("since")); err != nil {
			return err
		}
	}
	if c.IsSet("settings-from") {
		if o.Settings, err = g.ReadSettings(c.Context, r.Dir, c.String("settings-from"), tier); err != nil {
			return err
		}
	}
	found, err := g.Check(c.Context, r, o)
	if err != nil {
		return err
	}
	found.Root, found.Color = filepath.ToSlash(filepath.Clean(r.Dir)), p.Color
	if err := write(p.Out, found.Report); err != nil {
		return err
	}
	switch {
	case found.Failure != nil:
		return found.Failure
	case found.Worst() >= least:
		return errFindings
	}
	return nil
}
