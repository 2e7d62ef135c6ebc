package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/review"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

func (p *program) upgrade() *cli.Command {
	return &cli.Command{
		Name:      "upgrade",
		Usage:     "write a repository again under the edits of its users",
		UsageText: "gitopsgen upgrade [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. What gitopsgen.yaml and this version's blueprints make is merged under what
users edited, moved and deleted: their edits stay. Where both sides changed the same thing the user's stays, and a record in
.gitopsgen/conflicts says what is to be decided. Nothing is written unless the merged tree passes the check.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen upgrade --notes
   gitopsgen upgrade --dry-run
   gitopsgen upgrade
   gitopsgen upgrade --restore clusters/prod/components/loki/values.yaml`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "conflict", Value: string(upgrade.Recorded), Usage: "where both sides changed the same thing: record keeps the user's and what is to be decided in .gitopsgen/conflicts, inline sets both apart in the file and commits nothing (`HOW`)"},
			&cli.BoolFlag{Name: "notes", Usage: "print what is new since the version that wrote the repository, and do nothing"},
			&cli.StringSliceFlag{Name: "restore", Usage: "bring the deleted generated file at this `PATH` back"},
			&cli.BoolFlag{Name: "repair-base", Usage: "mend a damaged .gitopsgen/base or lock, say how for each file, and upgrade nothing"},
		}, upgradeFlags()...),
		Action: p.runUpgrade,
	}
}

// upgradeFlags are the flags of every command that upgrades.
func upgradeFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.BoolFlag{Name: "dry-run", Usage: "print what would become of which files, and write nothing"},
		&cli.BoolFlag{Name: "allow-dirty", Usage: "go on where something is changed and not committed"},
		authorFlag,
		&cli.BoolFlag{Name: "no-commit", Usage: "write the files and commit nothing"},
	}, judgeFlags()...)
}

func (p *program) runUpgrade(c *cli.Context) error {
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	g, o, err := p.parseUpgrade(c, dir)
	if err != nil {
		return err
	}
	if c.Bool("notes") {
		return p.tellNotes(g, dir)
	}
	if c.Bool("repair-base") {
		r, err := g.RepairBase(c.Context, o)
		if err != nil {
			return err
		}
		return listing.WriteRepaired(p.Out, r)
	}
	o.Merge.Restore, o.Merge.Conflicts = c.StringSlice("restore"), upgrade.Conflicts(c.String("conflict"))
	if how := o.Merge.Conflicts; how != upgrade.Recorded && how != upgrade.Inline {
		return fault.Misuse(fmt.Errorf("--conflict %q: want %s or %s", how, upgrade.Recorded, upgrade.Inline))
	}
	return p.runChange(c, g, o)
}

// runChange upgrades, and tells of it.
func (p *program) runChange(c *cli.Context, g generator.Generator, o generator.UpgradeOptions) error {
	out, err := g.Upgrade(c.Context, o)
	switch {
	case err != nil:
		return err
	case out.Settled:
		_, err = fmt.Fprintf(p.Out, "%s says so already: nothing to do\n", blueprint.SpecFile)
		return err
	case o.DryRun && !out.Refused && out.Failure == nil:
		return p.preview(out)
	}
	return p.tellUpgraded(c.Context, out, o)
}

// tellNotes tells what is new since a repository was written.
func (p *program) tellNotes(g generator.Generator, dir string) error {
	notes, err := g.Notes(dir)
	if err != nil {
		return err
	}
	if len(notes) == 0 {
		_, err = fmt.Fprintf(p.Out, "%s is written by gitopsgen %s: nothing is newer\n", dir, version)
		return err
	}
	for _, n := range notes {
		if _, err := fmt.Fprintf(p.Out, "# %s\n\n%s\n", n.Version, strings.TrimSpace(n.Text)); err != nil {
			return err
		}
	}
	return nil
}

// preview tells what would become of files, what that does to the rendered objects, and what would be to be decided.
func (p *program) preview(out generator.Generated) error {
	if len(out.Changes) == 0 {
		if _, err := fmt.Fprintln(p.Out, "no file would change"); err != nil {
			return err
		}
		return cmp.Or(listing.WriteOutcomes(p.Out, out.Outcomes), p.tellOpen(out))
	}
	if out.Subject != "" {
		if _, err := fmt.Fprintln(p.Out, out.Subject); err != nil {
			return err
		}
	}
	if err := listing.WriteAllOutcomes(p.Out, out.Outcomes); err != nil {
		return err
	}
	return cmp.Or(review.Formats()["text"](p.Out, review.Review{Difference: out.Difference, Color: p.Color}), p.tellOpen(out))
}

// tellOpen tells how much is to be decided.
func (p *program) tellOpen(out generator.Generated) error {
	n := upgrade.Open(out.Outcomes)
	if n == 0 {
		return nil
	}
	p.Note(fmt.Sprintf("%s to be decided: gitopsgen resolve --take=ours|theirs FILE", wording.Count(n, "conflict")))
	return errFindings
}

// parseUpgrade turns upgradeFlags into values, and into what does the work.
func (p *program) parseUpgrade(c *cli.Context, dir string) (g generator.Generator, o generator.UpgradeOptions, err error) {
	o.AllowDirty, o.Dir, o.RenderOptions, o.DryRun = c.Bool("allow-dirty"), dir, renderOptions(c), c.Bool("dry-run")
	o.Merge = &upgrade.MergeOptions{}
	if o.FailOn, err = failOn(c); err != nil {
		return g, o, err
	}
	if o.Commit, err = p.parseCommit(c); err != nil {
		return g, o, err
	}
	g, err = p.generator(c)
	return g, o, err
}

// tellUpgraded tells what was upgraded, and what is to be decided.
func (p *program) tellUpgraded(ctx context.Context, out generator.Generated, o generator.UpgradeOptions) error {
	out.Color = p.Color
	if err := p.tellGenerated(ctx, out, o.GenerateOptions, ""); err != nil {
		return err
	}
	if err := listing.WriteOutcomes(p.Out, out.Outcomes); err != nil {
		return err
	}
	marked := out.Marked()
	if len(marked) > 0 {
		p.Note(fmt.Sprintf("nothing is committed: %s has both sides between marks; leave what is to stay, then git commit", strings.Join(marked, ", ")))
		return errFindings
	}
	return p.tellOpen(out)
}
