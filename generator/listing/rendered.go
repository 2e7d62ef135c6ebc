package listing

import (
	"io"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// Lacking tells which Applications were not rendered, and counts them, but for charts that are refused: a failure tells
// those. Those of other repositories, and those that records stand for, are told with All alone.
type Lacking struct {
	All bool
}

// Write tells it of r.
func (l Lacking) Write(w io.Writer, r render.Result) (lacking int) {
	for _, app := range r.Applications {
		if app.State.Kind != build.Refused && (app.State.Missing() || l.All && app.State.Reason != "") {
			lacking++
			escape.Fprintf(w, "not rendered: %s: %s\n", app.Name, app.State.Reason)
		}
	}
	return lacking
}

// Problems tells what Argo CD would report in place of objects, and counts it.
func Problems(w io.Writer, r render.Result) int {
	for _, problem := range r.Problems {
		escape.Fprintf(w, "%s: %s\n", problem.Place, problem.Message)
	}
	return len(r.Problems)
}
