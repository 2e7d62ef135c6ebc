package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/docs"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

func (p *program) rules() *cli.Command {
	return &cli.Command{
		Name:      "rules",
		Usage:     "list the rules that a repository is judged by",
		UsageText: "gitopsgen rules [FLAGS] [DIR]",
		Description: `With DIR, or in a directory with a gitopsgen.yaml or policies, its own policies are among them, and what its gitopsgen.yaml
sets. docs/rules.md has them with an example each; explain tells of one.

examples:
   gitopsgen rules
   gitopsgen rules --tier=enterprise --format=json
   gitopsgen rules my-platform`,
		Flags:  []cli.Flag{tierFlag(), formatFlag("text", listing.Rules)},
		Action: p.runRules,
	}
}

func (p *program) explain() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "tell what a rule is for, with an example",
		UsageText: "gitopsgen explain [FLAGS] RULE",
		Description: `RULE is the ID of a rule, which stands behind each finding. What gitopsgen.yaml in the current directory sets of it is told,
too.

examples:
   gitopsgen explain pods/run-as-non-root
   gitopsgen explain --tier=small resources/cpu-requests`,
		Flags:  []cli.Flag{tierFlag()},
		Action: p.runExplain,
	}
}

func (p *program) runRules(c *cli.Context) error {
	dir, err := oneArg(c, "")
	if err != nil {
		return err
	}
	write, err := format(c, listing.Rules)
	if err != nil {
		return err
	}
	found, err := p.ruled(c, dir)
	if err != nil {
		return err
	}
	return write(p.Out, found)
}

func (p *program) runExplain(c *cli.Context) error {
	id, err := oneArg(c, "")
	if err == nil && id == "" {
		err = fault.Misuse(errors.New("want the ID of a rule, as in pods/run-as-non-root; gitopsgen rules lists them"))
	}
	if err != nil {
		return err
	}
	found, err := p.ruled(c, "")
	if err != nil {
		return err
	}
	var ids []string
	for _, rule := range found.Rules {
		ids = append(ids, rule.ID)
	}
	i := slices.Index(ids, id)
	if i < 0 {
		return fault.Misuse(fmt.Errorf("%q: there is no such rule%s", id, wording.DidYouMean(id, ids)))
	}
	return listing.Explain(p.Out, found, found.Rules[i], example(id))
}

// ruled are the rules of a repository; of ours alone, where no directory is named and the current one holds none.
func (p *program) ruled(c *cli.Context, dir string) (linter.Report, error) {
	g := p.with(supply.Options{Offline: true})
	r, err := p.judging(c, g, dir)
	if err != nil {
		return linter.Report{}, err
	}
	return g.Rules(c.Context, r)
}

// judging is a repository that says how it is judged; an empty one, where no directory is named and the current one holds none.
func (p *program) judging(c *cli.Context, g generator.Generator, dir string) (r generator.Repository, err error) {
	tier, err := parseTier(c)
	if err != nil {
		return r, err
	}
	if dir == "" && isRepository() {
		dir = "."
	}
	if dir == "" {
		return generator.Repository{Spec: blueprint.Spec{Tier: tier}.WithDefaults()}, nil
	}
	return g.Open(dir, tier)
}

// isRepository reports whether the current directory says how it is judged.
func isRepository() bool {
	return slices.ContainsFunc([]string{blueprint.SpecFile, "policies"}, func(name string) bool {
		_, err := os.Stat(name)
		return err == nil
	})
}

// example is what the documentation has as an example of a rule; empty where it has none.
func example(id string) string {
	category, _, _ := strings.Cut(id, "/")
	page, err := docs.Rules.ReadFile("rules/" + category + ".md")
	if err != nil {
		return "" // a rule of the repository's own
	}
	_, section, _ := strings.Cut(string(page), "\n## "+id+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, text, ok := strings.Cut(section, "\n"+docs.Example+"\n")
	if !ok {
		return ""
	}
	return strings.TrimSpace(text)
}
