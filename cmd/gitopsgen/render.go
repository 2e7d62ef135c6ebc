package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"
)

func (p *program) render() *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "print the objects that Argo CD would apply",
		UsageText: "gitopsgen render [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. The objects go to stdout as YAML; what was not rendered goes to
stderr, and what does not render at all makes the status 1.

examples:
   gitopsgen render
   gitopsgen render --chart-mirror https://charts.example.org=./charts my-platform`,
		Flags: checkFlags(),
		Action: func(c *cli.Context) error {
			_, t, o, err := openTree(c)
			if err != nil {
				return err
			}
			p.progress("rendering")
			r, err := renderTree(c.Context, t, o)
			p.progress("")
			if err != nil {
				return err
			}
			encoder := yaml.NewEncoder(p.stdout)
			encoder.SetIndent(2)
			for _, res := range r.result.Resources {
				if err := encoder.Encode(res.Object); err != nil {
					return err
				}
			}
			for _, app := range r.result.Applications {
				if app.NotRendered != "" {
					fmt.Fprintf(p.stderr, "not rendered: %s: %s\n", app.Name, app.NotRendered)
				}
			}
			for _, problem := range r.result.Problems {
				fmt.Fprintf(p.stderr, "%s:%d:%d: %s\n", problem.Place.File, problem.Place.Line, problem.Place.Column, problem.Message)
			}
			if r.failure != nil {
				return r.failure
			}
			if len(r.result.Problems) > 0 {
				return errFindings
			}
			return nil
		},
	}
}
