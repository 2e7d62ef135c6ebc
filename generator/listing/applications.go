package listing

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// Applications are the formats of Applications in the order in which they were found.
var Applications = map[string]func(io.Writer, []render.Application) error{
	"json": applicationsJSON,
	"list": applicationsList,
}

// sourcesOf are the sources of an Application; an ApplicationSet, and what is none, has none.
func sourcesOf(app render.Application) (argocd.Destination, []argocd.Source) {
	if !argocd.IsApplication(app.Object.ID) {
		return argocd.Destination{}, nil
	}
	read, _ := argocd.ReadApplication(app.Object)
	return read.Spec.Destination, read.Spec.Sources()
}

func applicationsList(w io.Writer, apps []render.Application) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "APPLICATION\tCLUSTER\tNAMESPACE\tSOURCE\tSTATE\tORIGIN")
	for _, app := range apps {
		to, sources := sourcesOf(app)
		var from []string
		for _, s := range sources {
			from = append(from, cmp.Or(s.Path, s.Chart, s.RepoURL))
		}
		escape.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", app.Name, cmp.Or(app.Cluster, "-"), cmp.Or(to.Namespace, "-"),
			cmp.Or(strings.Join(from, ", "), "-"), stateOf(app), foundAt(app))
	}
	return table.Flush()
}

// stateOf is the state, with the reason where it has one.
func stateOf(app render.Application) string {
	if app.State.Reason == "" {
		return app.State.Kind.String()
	}
	return app.State.Kind.String() + ": " + app.State.Reason
}

// foundAt says where an Application stands, or of which set and which of its elements it was made.
func foundAt(app render.Application) string {
	set := app.Object.Origin.Set
	if set == nil {
		return fmt.Sprintf("%s:%d", app.Place.File, app.Place.Line)
	}
	texts := make([]string, len(set.Elements))
	for i, e := range set.Elements {
		texts[i] = e.String()
	}
	return fmt.Sprintf("%s:%d (ApplicationSet %s: %s)", set.Place.File, set.Place.Line, set.Name, strings.Join(texts, ", "))
}

// placed is a place in JSON, with a name where it has one.
type placed struct {
	Name   string `json:"name,omitempty"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// applicationJSON is an Application in JSON. A set of which something could not be made has the kind ApplicationSet, and a
// kustomization that could not be rendered has none.
type applicationJSON struct {
	Name        string       `json:"name"`
	Kind        string       `json:"kind,omitempty"`
	Cluster     string       `json:"cluster,omitempty"`
	Destination destination  `json:"destination"`
	Sources     []sourceJSON `json:"sources"`
	State       string       `json:"state"`
	Reason      string       `json:"reason,omitempty"`
	Objects     int          `json:"objects"`
	Origin      placed       `json:"origin"`
	Set         *setJSON     `json:"set,omitempty"`
}

type destination struct {
	Server    string `json:"server,omitempty"`
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
}

type sourceJSON struct {
	RepoURL        string `json:"repoURL"`
	Path           string `json:"path,omitempty"`
	Chart          string `json:"chart,omitempty"`
	TargetRevision string `json:"targetRevision,omitempty"`
}

type setJSON struct {
	placed
	Elements []placed `json:"elements"`
}

func applicationsJSON(w io.Writer, apps []render.Application) error {
	out := struct {
		Schema       int               `json:"schema"`
		Applications []applicationJSON `json:"applications"`
	}{1, make([]applicationJSON, len(apps))}
	for i, app := range apps {
		to, sources := sourcesOf(app)
		one := applicationJSON{
			Name: app.Name, Kind: app.Object.ID.Kind, Cluster: app.Cluster, Destination: destination{to.Server, to.Name, to.Namespace},
			Sources: []sourceJSON{}, State: app.State.Kind.String(), Reason: app.State.Reason, Objects: app.Objects,
			Origin: placed{File: app.Place.File, Line: app.Place.Line, Column: app.Place.Column},
		}
		for _, s := range sources {
			one.Sources = append(one.Sources, sourceJSON{s.RepoURL, s.Path, s.Chart, s.TargetRevision})
		}
		if set := app.Object.Origin.Set; set != nil {
			one.Set = &setJSON{placed{set.Name, set.Place.File, set.Place.Line, set.Place.Column}, []placed{}}
			for _, e := range set.Elements {
				one.Set.Elements = append(one.Set.Elements, placed{e.Name, e.Place.File, e.Place.Line, e.Place.Column})
			}
		}
		out.Applications[i] = one
	}
	return escape.JSON(w, out)
}
