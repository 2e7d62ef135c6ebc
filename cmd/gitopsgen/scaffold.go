package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/listing"
)

func (p *program) scaffold() *cli.Command {
	return &cli.Command{
		Name:      "scaffold",
		Usage:     "create a checked, committed repository, or write it again from its gitopsgen.yaml",
		UsageText: "gitopsgen scaffold --tier=TIER [FLAGS] [DIR]",
		Description: `DIR is ./<name> unless given. In a directory with a gitopsgen.yaml that file is the spec, and no tier is needed:
what it changes is written again and committed; generated files that somebody edited are never overwritten.
Nothing is written unless the rendered tree passes the check.

examples:
   gitopsgen scaffold --tier=ent
   gitopsgen scaffold --tier=small --name=acme --domain=acme.example.org --repo-url=https://git.example.org/acme.git
   gitopsgen scaffold --spec=acme.yaml --dry-run acme
   cd my-platform && gitopsgen scaffold`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "tier", Usage: "small (sup), medium (mbu) or enterprise (ent)"},
			&cli.StringFlag{Name: "name", Usage: "`NAME` of the platform (default: " + blueprint.DefaultName + ")"},
			&cli.StringFlag{Name: "domain", Usage: "DNS `DOMAIN` of its hosts (default: " + blueprint.DefaultDomain + ")"},
			&cli.StringFlag{Name: "repo-url", Usage: "`URL` under which Argo CD reads the repository"},
			&cli.StringSliceFlag{Name: "set", Usage: "set any field of gitopsgen.yaml: `KEY=VALUE`, such as clusters[0].name=edge; nothing behind the = takes it away"},
			&cli.StringFlag{Name: "spec", Usage: "start from this gitopsgen.yaml `FILE`"},
			authorFlag,
			&cli.BoolFlag{Name: "no-commit", Usage: "write the files and commit nothing"},
			&cli.BoolFlag{Name: "dry-run", Usage: "print which files would be written, and write nothing"},
			&cli.StringFlag{Name: "keep", Usage: "if the check fails, put the refused tree into this new `DIR`"},
		}, judgeFlags()...),
		Action: p.runScaffold,
	}
}

func (p *program) runScaffold(c *cli.Context) error {
	spec, o, err := p.parseScaffold(c)
	if err != nil {
		return err
	}
	if spec.Settings, err = parseSettings(c, spec.Tier); err != nil {
		return err
	}
	g, err := p.generator(c)
	if err != nil {
		return err
	}
	if o.Spec, o.Dir, err = g.Spec(spec); err != nil {
		return err
	}
	out, err := g.Generate(c.Context, o)
	if err != nil {
		return err
	}
	out.Color = p.Color
	return p.tellGenerated(c.Context, out, o, c.String("keep"))
}

// parseScaffold turns the flags of scaffold, but for those that set something in the spec, into values.
func (p *program) parseScaffold(c *cli.Context) (spec generator.SpecOptions, o generator.GenerateOptions, err error) {
	if spec.Dir, err = oneArg(c, ""); err != nil {
		return spec, o, err
	}
	if o.FailOn, err = failOn(c); err != nil {
		return spec, o, err
	}
	o.RenderOptions, o.DryRun = renderOptions(c), c.Bool("dry-run")
	spec.File, spec.Name = c.String("spec"), cmp.Or(c.String("name"), blueprint.DefaultName)
	if c.IsSet("tier") {
		if spec.Tier, err = parseTier(c); err != nil {
			return spec, o, err
		}
	}
	o.Commit, err = p.parseCommit(c)
	return spec, o, err
}

// authorFlag is that of every command that commits.
var authorFlag = &cli.StringFlag{Name: "author", Usage: "who commits: `\"NAME <MAIL>\"` (default: as Git is configured)"}

// parseCommit turns authorFlag and --no-commit into values.
func (p *program) parseCommit(c *cli.Context) (commit gitrepo.Commit, err error) {
	commit.Skip, commit.Author = c.Bool("no-commit"), gitrepo.InEnvironment(p.getenv)
	if c.IsSet("author") {
		if commit.Author, err = gitrepo.ParseIdentity(c.String("author")); err != nil {
			return commit, fault.Misuse(fmt.Errorf("--author %q: %w", c.String("author"), err))
		}
	}
	return commit, nil
}

// parseSettings gives what flags set in the spec, in the order of their weight.
func parseSettings(c *cli.Context, tier blueprint.Tier) (settings []edit.Setting, err error) {
	for _, f := range []struct{ flag, text, path string }{
		{"tier", string(tier), "tier"}, {"name", c.String("name"), "name"}, {"domain", c.String("domain"), "domain"},
		{"repo-url", c.String("repo-url"), "repository.url"},
	} {
		if !c.IsSet(f.flag) {
			continue
		}
		s, err := edit.Text(f.path, f.text)
		if err != nil {
			return nil, fault.Misuse(fmt.Errorf("--%s %w", f.flag, err))
		}
		s.From = "--" + f.flag
		settings = append(settings, s)
	}
	for _, text := range c.StringSlice("set") {
		s, err := edit.Parse(text)
		if err != nil {
			return nil, fault.Misuse(fmt.Errorf("--set %w", err))
		}
		s.From = "--set " + text
		settings = append(settings, s)
	}
	return settings, nil
}

// tellGenerated tells what was made, or why nothing was.
func (p *program) tellGenerated(ctx context.Context, out generator.Generated, o generator.GenerateOptions, keep string) error {
	s := listing.Summary{Generated: out}
	switch {
	case out.Failure != nil:
		for _, note := range out.Notes {
			p.Note(note)
		}
		return out.Failure
	case out.Refused:
		return p.refuse(ctx, s, keep)
	case o.DryRun:
		return s.WritePlan(p.Out)
	}
	return s.Write(p.Out)
}

// refuse tells why nothing is written, and keeps the tree for reading where that is asked for.
func (p *program) refuse(ctx context.Context, s listing.Summary, keep string) error {
	kept := "--keep DIR puts the refused tree into a folder for reading"
	if keep != "" {
		if err := gitrepo.Write(ctx, keep, s.Tree); err != nil {
			return err
		}
		s.Root, kept = filepath.ToSlash(keep), "the refused tree is in "+keep
	}
	if err := s.WriteRefused(p.Out); err != nil {
		return err
	}
	p.Tell(fault.Hint(errors.New("the check failed: nothing was written, nothing committed"), kept), "gitopsgen: ")
	return errFindings
}
