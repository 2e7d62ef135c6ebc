package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/intent"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

func (p *program) add() *cli.Command {
	flags := upgradeFlags()
	for _, f := range fieldFlags {
		flags = append(flags, &cli.StringFlag{Name: f.name, Usage: f.usage})
	}
	return &cli.Command{
		Name:      "add",
		Usage:     "add a component, a workload, a team or a cluster to the platform",
		UsageText: "gitopsgen add [FLAGS] COMPONENT\n   gitopsgen add [FLAGS] workload|team|cluster NAME",
		Description: `COMPONENT is one of gitopsgen catalog. One that is an option of a capability serves it from now on, instead of what served it
so far; one that serves none is switched on. A workload is an application of your own, in a folder of this repository or of another one. What is
wanted is written into gitopsgen.yaml in the current directory, and what follows is merged under the edits of users, as
upgrade does it, checked and committed, all in one.

status: 0 all is merged, 1 conflicts or findings, 2 wrong command line, 3 could not work

examples:
   gitopsgen add contour
   gitopsgen add --dry-run gatekeeper
   gitopsgen add workload shop --path=workloads/shop
   gitopsgen add workload mail --repo-url=https://git.example.org/mail.git --path=deploy --revision=v1.2.0
   gitopsgen add team lights --owner=lights@example.org
   gitopsgen add cluster edge --server=https://edge.example.org:6443`,
		Flags: flags,
		Action: func(c *cli.Context) error {
			return p.want(c, intent.Add, func(kind, name string) intent.Intent { return intent.AddNamed(kind, name, fields(c, kind)...) })
		},
	}
}

// fieldFlags are the flags that say more of what is added, by its kind, with the key of gitopsgen.yaml that each sets.
var fieldFlags = []struct{ kind, name, key, usage string }{
	{"workload", "path", "path", "`FOLDER` of the repository with the workload's manifests or its kustomization (default: workloads/NAME, or all of another repository)"},
	{"workload", "repo-url", "repoURL", "`URL` of the repository that the workload stands in, if that is another one"},
	{"workload", "revision", "revision", "`REVISION` of that repository: a branch, a tag or a commit (default: main)"},
	{"workload", "namespace", "namespace", "`NAMESPACE` of the workload (default: its name)"},
	{"team", "owner", "owner", "whom to ask about the team: a `NAME` or an address"},
	{"cluster", "server", "server", "`URL` of the cluster's API server, as Argo CD reaches it"},
}

// fields are what flags say of something of a kind.
func fields(c *cli.Context, kind string) []intent.Field {
	var all []intent.Field
	for _, f := range fieldFlags {
		if f.kind == kind {
			all = append(all, intent.Field{Name: f.key, Text: c.String(f.name)})
		}
	}
	return all
}

// want upgrades a platform to what the arguments want of it: a component, or something else that has a kind and a name.
func (p *program) want(c *cli.Context, component func(string) intent.Intent, named func(kind, name string) intent.Intent) error {
	args, err := argsAmongFlags(c)
	if err != nil {
		return err
	}
	var kind string
	var wanted intent.Intent
	switch {
	case len(args) == 2 && slices.Contains(intent.Kinds, args[0]):
		kind, wanted = args[0], named(args[0], args[1])
	case len(args) == 1 && !slices.Contains(intent.Kinds, args[0]):
		wanted = component(args[0])
	default:
		return fault.Misuse(fmt.Errorf("%s: want one component, or %s and its name", wording.Count(len(args), "argument"), wording.Either(intent.Kinds)))
	}
	for _, f := range fieldFlags {
		if f.kind != kind && c.IsSet(f.name) {
			return fault.Misuse(fmt.Errorf("--%s: it is for a %s alone", f.name, f.kind))
		}
	}
	g, o, err := p.parseUpgrade(c, ".")
	if err != nil {
		return err
	}
	o.Intent = wanted
	return p.runChange(c, g, o)
}
