package locate

import (
	"context"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Found is what was found of the value behind a finding: nothing where Value is empty.
type Found struct {
	answer
	// Question names what was asked; empty is that nothing was.
	Question string
	Place    manifest.Place
}

// Field is a field of an object that there is a finding about.
type Field struct {
	Resource *manifest.Resource
	At       string
}

// Ask finds what Values finds, and gives it by field, so that Tell can tell it of some of the findings later.
func Ask(ctx context.Context, r linter.Report, charts render.Result, dir string) (map[Field]Found, error) {
	s := search{dir: dir, left: maxProbes, charts: map[string]*chart{}, answers: map[string]answer{}}
	all, seek := map[Field]Found{}, s.asking(ctx, charts)
	s.report(r, func(f linter.Finding) Found {
		found := seek(f)
		if found.Question != "" {
			all[Field{f.Resource, f.At.String()}] = found
		}
		return found
	})
	return all, ctx.Err()
}

// Tell gives a report as Values does, by what several calls of Ask found. It counts the probes as Values does, so that it knows no
// more.
func Tell(r linter.Report, all map[Field]Found) linter.Report {
	s := search{left: maxProbes, answers: map[string]answer{}}
	return s.report(r, func(f linter.Finding) Found {
		found := all[Field{f.Resource, f.At.String()}]
		found.answer = s.find(context.Background(), found.Question, func() (answer, bool) { return found.answer, false })
		return found
	})
}

// NewFound is what a call of Ask found, as somebody has kept it.
func NewFound(question string, value manifest.Path, at manifest.Place, probes int) Found {
	return Found{answer{value, probes}, question, at}
}
