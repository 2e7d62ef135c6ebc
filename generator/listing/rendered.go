package listing

import (
	"cmp"
	"io"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// Lacking tells which Applications were not rendered, and counts them. Those of other repositories, and those that records
// stand for, are told with All alone.
type Lacking struct {
	All bool
}

// Write tells it of r.
func (l Lacking) Write(w io.Writer, r render.Result) (lacking int) {
	for _, app := range r.Applications {
		why := app.NotRendered
		if l.All {
			why = cmp.Or(why, app.Recorded)
		} else if app.Elsewhere {
			continue
		}
		if why != "" {
			lacking++
			escape.Fprintf(w, "not rendered: %s: %s\n", app.Name, why)
		}
	}
	return lacking
}

// Problems tells what Argo CD would report in place of objects, but for charts that are refused: a failure tells those. It
// counts all.
func Problems(w io.Writer, r render.Result) int {
	for _, problem := range r.Problems {
		if problem.Kind != render.ChartRefused {
			escape.Fprintf(w, "%s: %s\n", problem.Place, problem.Message)
		}
	}
	return len(r.Problems)
}
