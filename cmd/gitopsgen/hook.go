package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/hook"
)

func (p *program) hook() *cli.Command {
	return &cli.Command{
		Name:      "hook",
		Usage:     "have Git judge what is about to be committed",
		UsageText: "gitopsgen hook install|uninstall [DIR]",
		Subcommands: []*cli.Command{
			{
				Name:      "install",
				Usage:     "write the hook that runs before each commit",
				UsageText: "gitopsgen hook install [DIR]",
				Description: `DIR is the folder to judge, the current directory unless given. The hook stands where Git looks for it; another that
stands there is never overwritten. git commit --no-verify skips it.

examples:
   gitopsgen hook install
   gitopsgen hook install my-platform`,
				Action: p.withHook(p.installHook),
			},
			{
				Name:        "uninstall",
				Usage:       "remove that hook, and no other",
				UsageText:   "gitopsgen hook uninstall [DIR]",
				Description: "example:\n   gitopsgen hook uninstall",
				Action:      p.withHook(p.uninstallHook),
			},
		},
	}
}

// withHook makes a command of what is done with the hook of the repository that the argument names.
func (p *program) withHook(do func(hook.Hook) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		dir, err := oneArg(c, ".")
		if err != nil {
			return err
		}
		h, err := hook.Of(c.Context, dir)
		if err != nil {
			return err
		}
		return do(h)
	}
}

func (p *program) installHook(h hook.Hook) error {
	if err := h.Install(); err != nil {
		return err
	}
	escape.Fprintf(p.Out, "%s: before each commit it runs %s\n", h.Path, h.Command())
	if h.Shared != "" {
		p.Note(fmt.Sprintf("core.hooksPath is %s, a folder of this work tree: commit the hook, and whoever sets that has it too", h.Shared))
	}
	return nil
}

func (p *program) uninstallHook(h hook.Hook) error {
	removed, err := h.Uninstall()
	switch {
	case err != nil:
		return err
	case removed:
		escape.Fprintf(p.Out, "%s: removed\n", h.Path)
	default:
		escape.Fprintf(p.Out, "%s: there is none\n", h.Path)
	}
	return nil
}
