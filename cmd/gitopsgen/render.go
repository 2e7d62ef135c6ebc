package main

import (
	"errors"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

func (p *program) render() *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "print the objects that Argo CD would apply, in the order in which it does",
		UsageText: "gitopsgen render [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. In a Git work tree the whole of it is read, and the objects are those of what
stands below DIR, or has its source there; --app finds an Application wherever it stands. The objects go to stdout, each with its Application, its phase and wave, and the
file that it comes from; what was not rendered goes to stderr, and what does not render at all makes the status 1.

examples:
   gitopsgen render
   gitopsgen render --app=prod-cert-manager
   gitopsgen render --format=list my-platform
   gitopsgen render --apps my-platform
   gitopsgen render --chart-mirror https://charts.example.org=./charts my-platform`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "app", Usage: "only the objects of the Application `NAME`"},
			&cli.BoolFlag{Name: "apps", Usage: "list the Applications in place of their objects, each with its source, its state and where it comes from"},
			formatFlag("yaml", listing.Objects),
			repoFlag(),
			kubeFlag(),
		}, checkFlags()...),
		Action: p.runRender,
	}
}

func (p *program) runRender(c *cli.Context) error {
	write, err := renderFormat(c)
	if err != nil {
		return err
	}
	o, err := withCheckouts(c)
	if err != nil {
		return err
	}
	g, repository, err := p.open(c, blueprint.Medium)
	if err != nil {
		return err
	}
	if o.App = c.String("app"); c.IsSet("app") && o.App == "" {
		return fault.Misuse(errors.New(`--app "": want the name of an Application`))
	}
	r, err := g.Render(c.Context, repository, o)
	if err != nil {
		return err
	}
	if err := write(p.Out, r.Result); err != nil {
		return err
	}
	for _, note := range r.Notes {
		p.Note(note)
	}
	listing.Lacking{All: true}.Write(p.Err, r.Result)
	if n := listing.Problems(p.Err, r.Result); r.Failure == nil && n > 0 {
		return errFindings
	}
	return r.Failure
}

// renderFormat gives what writes the objects of a result or, with --apps, its Applications: as a list unless told otherwise.
func renderFormat(c *cli.Context) (func(io.Writer, render.Result) error, error) {
	if c.Bool("apps") {
		if !c.IsSet("format") {
			return applicationsAs(listing.Applications["list"]), nil
		}
		write, err := format(c, listing.Applications)
		return applicationsAs(write), err
	}
	write, err := format(c, listing.Objects)
	return func(w io.Writer, r render.Result) error {
		known := slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool { return res.Origin.Recorded })
		return write(w, argocd.Steps(known))
	}, err
}

// applicationsAs writes the Applications of a result.
func applicationsAs(write func(io.Writer, []render.Application) error) func(io.Writer, render.Result) error {
	return func(w io.Writer, r render.Result) error { return write(w, r.Applications) }
}
