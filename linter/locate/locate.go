// Package locate finds the values behind findings about what charts rendered to: it changes values and renders again.
//
// It knows findings and evidence, and nothing of rules or of how a chart came to be rendered. It asks a bounded number of
// times, whatever that takes: what it finds does not depend on the machine, or on what is in the cache.
package locate

import (
	"context"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// maxProbes is how often charts are rendered again in one run. A probe of a large chart takes a hundredth of a second.
const maxProbes = 1_000

// limits bound the search for one value: nothing bounds a template from inside.
var limits = watchdog.Limits{Time: 30 * time.Second, Memory: 2 << 30}

// Values gives a report whose findings about charts' objects know the value that sets the field, and stand where it does, or
// would: in the files that the chart's entry names. Where none was found they stay as they are. Answers are kept in the folder
// dir, where several processes may do so at once; empty keeps none. An error means that ctx has ended.
func Values(ctx context.Context, r linter.Report, charts render.Result, dir string) (linter.Report, error) {
	s := search{dir: dir, left: maxProbes, charts: map[string]*chart{}, answers: map[string]answer{}}
	findings := make([]linter.Finding, len(r.Findings))
	for i, f := range r.Findings {
		if f.Resource != nil && len(f.At) > 0 {
			_, set := f.Resource.Origin.Field(f.At...) // over what the chart writes
			if unit, ok := charts.Chart(f.Resource); ok && !set {
				if value := s.find(ctx, unit, f); len(value) > 0 {
					f.Value, f.Place = value, unit.Nearest(value)
				}
			}
		}
		findings[i] = f
	}
	return r.With(findings), ctx.Err()
}

// search is one call of Values.
type search struct {
	dir string
	// left is how many probes there may still be.
	left int
	// charts are those that were asked about, by their digests; charts that are equal share what is known of them.
	charts map[string]*chart
	// answers are by the questions.
	answers map[string]answer
}

// chart is what is known of a chart.
type chart struct {
	evidence *helm.Evidence
	// odd says that there is none: the chart cannot be rendered again, or takes too long.
	odd bool
}

// answer is the value that was found, empty where there is none, and how many probes that took.
type answer struct {
	Value  manifest.Path `json:"value"`
	Probes int           `json:"probes"`
}

// find gives the value that sets the field of a finding.
func (s *search) find(ctx context.Context, i build.Inflated, f linter.Finding) manifest.Path {
	question := question(i.Digest(), f)
	if known, ok := s.answers[question]; ok {
		return known.Value
	}
	if s.left <= 0 || question == "" || ctx.Err() != nil {
		return nil
	}
	known, ok := read(s.dir, question)
	if !ok {
		if known, ok = s.ask(ctx, i, f); ok {
			keep(s.dir, question, known)
		}
	}
	s.left -= known.Probes
	s.answers[question] = known
	return known.Value
}

// ask renders the chart until it is known which value it is. ok says that the answer is one for ever.
func (s *search) ask(ctx context.Context, i build.Inflated, f linter.Finding) (found answer, ok bool) {
	c := s.charts[i.Digest()]
	if c == nil {
		c = &chart{}
		s.charts[i.Digest()] = c
	}
	if c.odd {
		return answer{}, false
	}
	type result struct {
		answer
		evidence *helm.Evidence
		err      error
	}
	// Work that is given up on runs on: it has variables of its own.
	results := make(chan result, 1)
	known := c.evidence
	stopped := watchdog.Run(ctx, limits, func() {
		r := result{evidence: known}
		if r.evidence == nil {
			r.evidence, r.err = i.Investigate(ctx)
		}
		if r.err == nil {
			r.Value, r.Probes = r.evidence.Value(ctx, f.Resource.Object, f.At)
		}
		results <- r
	})
	if stopped != nil || ctx.Err() != nil {
		c.odd = true
		return answer{}, false
	}
	r := <-results
	c.evidence, c.odd = r.evidence, r.err != nil
	return r.answer, r.err == nil
}
