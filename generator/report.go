package generator

import (
	"path"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/focus"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// newReport tells what was found, and of what.
func newReport(r Rendered, found linter.Report) report.Report {
	out := report.Report{
		Report: found, Objects: len(r.Resources), Notes: r.Notes, OwnWaivers: ownWaivers,
		Prefix: r.Prefix(), Focus: string(r.Focus), Here: r.Here, Tree: r.Tree, Checkouts: r.Checkouts,
	}
	if r.Failure != nil {
		for _, err := range fault.Each(r.Failure) {
			out.Failures = append(out.Failures, err.Error())
		}
	}
	for _, alone := range r.Alone {
		switch {
		case alone.Applications:
		case alone.Unchanged:
			out.Unchanged++
		default:
			out.Standalone++
			if kustomization.IsFile(alone.File) {
				out.Kustomizations++
			} else if path.Base(alone.File) == chart.File {
				out.Charts++
			}
		}
	}
	for _, app := range r.Applications {
		one := report.Application{Name: app.Name, Cluster: app.Cluster, Place: app.Place, State: app.State}
		if app.Kind == render.AnApplication {
			out.Applications = append(out.Applications, one)
		} else {
			out.Roots = append(out.Roots, report.Root{Kind: string(app.Kind), Application: one})
		}
	}
	return out
}

// outside counts what is found elsewhere in what is seen.
func outside(seen focus.View, found linter.Report) (all []report.Outside) {
	for _, o := range seen.Outside(found.Untold) {
		all = append(all, report.Outside(o))
	}
	return all
}
