package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/schemas"
)

func (p *program) schemas() *cli.Command {
	return &cli.Command{
		Name:      "schemas",
		Usage:     "about the schemas that objects are judged by",
		UsageText: "gitopsgen schemas list",
		Subcommands: []*cli.Command{{
			Name:      "list",
			Usage:     "list the kinds that gitopsgen has schemas of",
			UsageText: "gitopsgen schemas list [FLAGS] [NAME]",
			Description: `NAME is a part of a kind's name or of its group's; all kinds are listed where it is not given. What a repository brings by
its CustomResourceDefinitions is not among them: see docs/schemas.md.

examples:
   gitopsgen schemas list
   gitopsgen schemas list certificate
   gitopsgen schemas list --kube-version=1.37 --format=json networking.k8s.io`,
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "kube-version", Usage: "only what this `VERSION` of Kubernetes has, as in 1.37"},
				formatFlag("text", listing.Schemas),
			},
			Action: p.runSchemasList,
		}},
	}
}

func (p *program) runSchemasList(c *cli.Context) error {
	args, err := argsAmongFlags(c)
	if err == nil && len(args) > 1 {
		err = fault.Misuse(fmt.Errorf("%d arguments: want a part of one name at most", len(args)))
	}
	if err != nil {
		return err
	}
	write, err := format(c, listing.Schemas)
	if err != nil {
		return err
	}
	b, err := p.listedSchemas(c)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		b.Part = args[0]
		if b.Kinds, err = named(b.Kinds, b.Part); err != nil {
			return err
		}
	}
	return write(p.Out, b)
}

// listedSchemas gives what is embedded, of the version that is asked for.
func (p *program) listedSchemas(c *cli.Context) (b listing.SchemaBundle, err error) {
	var asked string
	if c.IsSet("kube-version") {
		kube, err := generator.ParseKube(c.String("kube-version"))
		if asked = kube.Minor(); err == nil && asked == "" {
			err = errors.New("next: there is no cluster here whose next version it could be, want one as in 1.37")
		}
		if err != nil {
			return b, fault.Misuse(fmt.Errorf("--kube-version %w", err))
		}
	}
	bundle := schemas.Embedded()
	rows, err := bundle.Rows(asked)
	if err != nil {
		return b, err
	}
	for _, row := range rows {
		b.Kinds = append(b.Kinds, listing.SchemaRow(row))
	}
	if b.Modules, err = bundle.Modules(); err != nil {
		return b, err
	}
	if asked == "" {
		b.Kubernetes, err = bundle.Kubernetes()
		return b, err
	}
	nearest, err := bundle.Nearest(asked)
	if b.Kubernetes = []string{nearest}; err == nil && nearest != asked {
		p.Note(generator.JudgedByAnother(asked, nearest))
	}
	return b, err
}

// named are the kinds whose name, or whose group's, has a part.
func named(kinds []listing.SchemaRow, part string) (found []listing.SchemaRow, err error) {
	var names []string
	for _, k := range kinds {
		group := cmp.Or(k.Group, listing.CoreGroup)
		if has(k.Kind, part) || has(group, part) {
			found = append(found, k)
		}
		names = append(names, k.Kind, group)
	}
	if len(found) == 0 {
		return nil, fault.Misuse(fmt.Errorf("%q: there is no schema of such a kind%s", part, wording.DidYouMean(part, names)))
	}
	return found, nil
}

func has(name, part string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(part))
}
