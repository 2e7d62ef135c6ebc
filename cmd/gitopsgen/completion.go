package main

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
)

//go:embed completion/*.tmpl
var scripts embed.FS

// completions are a script for each shell. They are filled in from the commands themselves, so they never lag behind.
var completions = template.Must(template.ParseFS(scripts, "completion/*.tmpl"))

func (p *program) completion() *cli.Command {
	shells := []string{"bash", "fish", "zsh"}
	return &cli.Command{
		Name:        "completion",
		Usage:       "print the completion script of a shell",
		UsageText:   "gitopsgen completion " + strings.Join(shells, "|"),
		Description: "example:\n   source <(gitopsgen completion bash)",
		Action: func(c *cli.Context) error {
			shell, err := oneArg(c, "")
			if err != nil {
				return err
			}
			if !slices.Contains(shells, shell) {
				return fault.Misuse(fmt.Errorf("shell %q: want %s", shell, strings.Join(shells, ", ")))
			}
			return completions.ExecuteTemplate(p.Out, shell+".tmpl", c.App.Commands)
		},
	}
}
