package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// renderFormats are the formats of render.
var renderFormats = map[string]func(io.Writer, []render.Step) error{
	"json": renderJSON,
	"list": renderList,
	"yaml": renderYAML,
}

func (p *program) render() *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "print the objects that Argo CD would apply, in the order in which it does",
		UsageText: "gitopsgen render [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. The objects go to stdout, each with its Application, its phase and wave, and the
file that it comes from; what was not rendered goes to stderr, and what does not render at all makes the status 1.

examples:
   gitopsgen render
   gitopsgen render --app=prod-cert-manager
   gitopsgen render --format=list my-platform
   gitopsgen render --chart-mirror https://charts.example.org=./charts my-platform`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "app", Usage: "only the objects of the Application `NAME`"},
			formatFlag("yaml", renderFormats),
		}, checkFlags()...),
		Action: func(c *cli.Context) error {
			write, err := format(c, renderFormats)
			if err != nil {
				return err
			}
			_, t, o, err := p.openTree(c)
			if err != nil {
				return err
			}
			o.app = c.String("app")
			r, err := renderTree(c.Context, t, o)
			p.progress("")
			if err != nil {
				return err
			}
			result := r.result
			if c.IsSet("app") {
				if result, err = only(result, c.String("app")); err != nil {
					return err
				}
			}
			result.Resources = slices.DeleteFunc(slices.Clone(result.Resources), func(res manifest.Resource) bool { return res.Origin.Recorded })
			if err := write(p.stdout, result.Steps()); err != nil {
				return err
			}
			p.tellNotes(r.result)
			told := p.tellUnrendered(result)
			return cmp.Or(failure(result, o), nothing(r.result), told)
		},
	}
}

// only leaves one Application of what was rendered.
func only(r render.Result, name string) (render.Result, error) {
	var names []string
	for _, app := range r.Applications {
		names = append(names, app.Name)
	}
	if !slices.Contains(names, name) {
		return r, usageError{fmt.Errorf("--app %q: there is no such Application%s", name, blueprint.DidYouMean(name, names))}
	}
	r.Applications = slices.DeleteFunc(slices.Clone(r.Applications), func(a render.Application) bool { return a.Name != name })
	r.Resources = slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool { return res.Origin.Application != name })
	r.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p render.Problem) bool { return p.Application != name })
	return r, nil
}

// tellNotes says what had to be assumed, and who did not answer.
func (p *program) tellNotes(r render.Result) {
	for _, note := range r.Notes {
		escape.Fprintf(p.stderr, "note: %s\n", note)
	}
}

// tellUnrendered says what is lacking, but for charts that are refused: failure tells those. What Argo CD would refuse
// makes it an error.
func (p *program) tellUnrendered(r render.Result) error {
	for _, app := range r.Applications {
		if why := cmp.Or(app.NotRendered, app.Recorded); why != "" {
			escape.Fprintf(p.stderr, "not rendered: %s: %s\n", app.Name, why)
		}
	}
	for _, problem := range r.Problems {
		if problem.Kind != render.ChartRefused {
			escape.Fprintf(p.stderr, "%s: %s\n", problem.Place, problem.Message)
		}
	}
	if len(r.Problems) > 0 {
		return errFindings
	}
	return nil
}

// origin says where an object comes from: file:line, and the chart.
func origin(res manifest.Resource) string {
	place := res.Place()
	text := fmt.Sprintf("%s:%d", place.File, place.Line)
	if res.Origin.Chart != "" {
		text += " (chart " + res.Origin.Chart + ")"
	}
	return text
}

// application names the Application of an object; "-" where none reaches it.
func application(res manifest.Resource) string {
	if res.Origin.Application == "" {
		return "-"
	}
	return res.Origin.Application
}

func renderYAML(w io.Writer, steps []render.Step) error {
	between := ""
	for _, s := range steps {
		if _, err := escape.Fprintf(w, between+"# %s, %s, wave %d: %s\n", application(s.Resource), s.Phase, s.Wave, origin(s.Resource)); err != nil {
			return err
		}
		if err := escape.YAML(w, s.Object); err != nil {
			return err
		}
		between = "---\n"
	}
	return nil
}

func renderJSON(w io.Writer, steps []render.Step) error {
	type object struct {
		Application string         `json:"application,omitempty"`
		Cluster     string         `json:"cluster,omitempty"`
		Phase       render.Phase   `json:"phase"`
		Wave        int            `json:"wave"`
		Chart       string         `json:"chart,omitempty"`
		File        string         `json:"file"`
		Line        int            `json:"line"`
		Column      int            `json:"column"`
		Object      map[string]any `json:"object"`
	}
	out := struct {
		Schema  int      `json:"schema"`
		Objects []object `json:"objects"`
	}{1, make([]object, len(steps))}
	for i, s := range steps {
		place := s.Place()
		out.Objects[i] = object{
			s.Origin.Application, s.Origin.Cluster, s.Phase, s.Wave, s.Origin.Chart, place.File, place.Line, place.Column, s.Object,
		}
	}
	return escape.JSON(w, out)
}

func renderList(w io.Writer, steps []render.Step) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "APPLICATION\tPHASE\tWAVE\tOBJECT\tORIGIN")
	for _, s := range steps {
		escape.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", application(s.Resource), s.Phase, s.Wave, s.ID, origin(s.Resource))
	}
	return table.Flush()
}
