package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
)

// completions holds a script for each shell. They are filled in from the commands themselves, so they never lag behind.
//
//go:embed completion/*.tmpl
var completions embed.FS

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
			script, err := completions.ReadFile("completion/" + shell + ".tmpl")
			if err != nil {
				return fault.Misuse(fmt.Errorf("shell %q: want %s", shell, strings.Join(shells, ", ")))
			}
			return writeCompletion(p.stdout, string(script), c.App.Commands)
		},
	}
}

func writeCompletion(w io.Writer, script string, commands []*cli.Command) error {
	type command struct {
		Name, Usage string
		Words       []string
	}
	var all []command
	for _, c := range commands {
		one := command{Name: c.Name, Usage: c.Usage}
		for _, f := range c.Flags {
			one.Words = append(one.Words, "--"+f.Names()[0])
		}
		for _, sub := range c.Subcommands {
			one.Words = append(one.Words, sub.Name)
		}
		all = append(all, one)
	}
	t, err := template.New("completion").Parse(script)
	return errors.Join(err, t.Execute(w, all))
}
