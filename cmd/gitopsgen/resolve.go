package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

func (p *program) resolve() *cli.Command {
	return &cli.Command{
		Name:      "resolve",
		Usage:     "decide a conflict of an upgrade",
		UsageText: "gitopsgen resolve --take=ours|theirs [FLAGS] FILE[#AT]",
		Description: `FILE is one that a record in .gitopsgen/conflicts is about, and AT the value in it, as the record has it; without AT
all that is open in FILE is decided. Ours is what stands in the file, theirs what gitopsgen would write. The rest of the
upgrade follows.

examples:
   gitopsgen resolve --take=theirs clusters/prod/components/loki/values.yaml
   gitopsgen resolve --take=ours clusters/prod/components/loki/values.yaml#write.replicas`,
		Flags:  append([]cli.Flag{&cli.StringFlag{Name: "take", Usage: "the `SIDE` that is taken: ours or theirs"}}, upgradeFlags()...),
		Action: p.runResolve,
	}
}

func (p *program) runResolve(c *cli.Context) error {
	args, err := argsAmongFlags(c)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return fault.Misuse(fmt.Errorf("%s: want the file of one conflict", wording.Count(len(args), "argument")))
	}
	r := generator.Resolution{Take: upgrade.Take(c.String("take"))}
	r.File, r.At, _ = strings.Cut(args[0], "#")
	if r.Take != upgrade.Ours && r.Take != upgrade.Theirs {
		return fault.Misuse(fmt.Errorf("--take %q: want ours or theirs", r.Take))
	}
	g, o, err := p.parseUpgrade(c, ".")
	if err != nil {
		return err
	}
	out, err := g.Resolve(c.Context, o, r)
	if err != nil {
		return err
	}
	return p.tellUpgraded(c.Context, out, o)
}
