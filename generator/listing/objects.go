package listing

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Objects are the formats of objects in the order in which they are applied.
var Objects = map[string]func(io.Writer, []argocd.Step) error{
	"json": objectsJSON,
	"list": objectsList,
	"yaml": objectsYAML,
}

// origin says where an object comes from: file:line, and the chart.
func origin(res manifest.Resource) string {
	place := res.Place()
	text := fmt.Sprintf("%s:%d", place.File, place.Line)
	switch {
	case res.Origin.Chart != "":
		text += " (chart " + res.Origin.Chart + ")"
	case res.Origin.Set != nil:
		text += " (ApplicationSet " + res.Origin.Set.Name + ")"
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

func objectsYAML(w io.Writer, steps []argocd.Step) error {
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

func objectsJSON(w io.Writer, steps []argocd.Step) error {
	type object struct {
		Application string         `json:"application,omitempty"`
		Cluster     string         `json:"cluster,omitempty"`
		Phase       argocd.Phase   `json:"phase"`
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

func objectsList(w io.Writer, steps []argocd.Step) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "APPLICATION\tPHASE\tWAVE\tOBJECT\tORIGIN")
	for _, s := range steps {
		escape.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", application(s.Resource), s.Phase, s.Wave, s.ID, origin(s.Resource))
	}
	return table.Flush()
}
