package listing

import (
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Lacking tells which Applications and kustomizations were not rendered, but for charts that are refused: a failure tells
// those. Charts and Jsonnet files that nothing names are told, and lack nothing that is known to be deployed. Those of other repositories, and those that records stand for, are told with All alone.
type Lacking struct {
	All bool
}

// Write tells it of r, and gives how many of which kind they are; empty is none.
func (l Lacking) Write(w io.Writer, r render.Result) (lacking string) {
	count := map[render.Kind]int{}
	for _, app := range r.Applications {
		if app.State.Kind != build.Refused && (app.State.Missing() || l.All && app.State.Reason != "") {
			count[app.Kind]++
			escape.Fprintf(w, "not rendered: %s: %s\n", name(app), app.State.Reason)
		}
	}
	var parts []string
	for _, kind := range []render.Kind{render.AnApplication, render.Kustomization} {
		if n := count[kind]; n > 0 {
			parts = append(parts, wording.Count(n, kind.String()))
		}
	}
	return strings.Join(parts, " and ")
}

// name is that of an Application, or what else it is.
func name(app render.Application) string {
	if app.Kind == render.AnApplication {
		return app.Name
	}
	return app.Label()
}

// Problems tells what Argo CD would report in place of objects, and counts it.
func Problems(w io.Writer, r render.Result) int {
	for _, problem := range r.Problems {
		escape.Fprintf(w, "%s: %s\n", problem.Place, problem.Message)
	}
	return len(r.Problems)
}
