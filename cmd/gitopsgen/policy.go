package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) policy() *cli.Command {
	return &cli.Command{
		Name:      "policy",
		Usage:     "about the policies of a repository",
		UsageText: "gitopsgen policy test|export",
		Subcommands: []*cli.Command{{
			Name:      "test",
			Usage:     "run the tests of a repository's own policies",
			UsageText: "gitopsgen policy test [FLAGS] [DIR]",
			Description: `Tests are rules test_… in files that end in _test.rego below policies/, as opa and conftest have them. They see the
repository's policies and all that gitopsgen brings, and nothing outside.

status: 0 all pass, 1 a test fails, 2 wrong command line, 3 there are none, or they do not compile

examples:
   gitopsgen policy test
   gitopsgen policy test --format=json my-platform`,
			Flags:  []cli.Flag{formatFlag("text", listing.PolicyTests)},
			Action: p.runPolicyTest,
		}, p.policyExport()},
	}
}

func (p *program) runPolicyTest(c *cli.Context) error {
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	write, err := format(c, listing.PolicyTests)
	if err != nil {
		return err
	}
	g := p.with(supply.Options{Offline: true})
	r, err := g.Open(dir, blueprint.Medium)
	if err != nil {
		return err
	}
	tested, err := g.TestPolicies(c.Context, r)
	if err != nil {
		return fmt.Errorf("testing the policies: %w", err)
	}
	if err := write(p.Out, tested); err != nil {
		return err
	}
	for _, t := range tested {
		if t.Fault != "" {
			return errFindings
		}
	}
	return nil
}
