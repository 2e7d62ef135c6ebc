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
	return s.report(r, s.asking(ctx, charts)), ctx.Err()
}

// report gives a report whose findings know what seek finds of them.
func (s *search) report(r linter.Report, seek func(linter.Finding) Found) linter.Report {
	findings := make([]linter.Finding, len(r.Findings))
	for i, f := range r.Findings {
		if f.Resource != nil && len(f.At) > 0 {
			if found := seek(f); len(found.Value) > 0 {
				f.Value, f.Place = found.Value, found.Place
			}
		}
		findings[i] = f
	}
	return r.With(findings)
}

// asking seeks in charts.
func (s *search) asking(ctx context.Context, charts render.Result) func(linter.Finding) Found {
	return func(f linter.Finding) (found Found) {
		_, set := f.Resource.Origin.Field(f.At...) // over what the chart writes
		unit, ok := charts.Chart(f.Resource)
		if !ok || set {
			return found
		}
		found.Question = question(unit.Digest(), f)
		ask := func() (answer, bool) { return s.ask(ctx, unit, f) }
		if found.answer = s.find(ctx, found.Question, ask); len(found.Value) > 0 {
			found.Place = unit.Nearest(found.Value)
		}
		return found
	}
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

// find gives the answer to a question, which is asked once.
func (s *search) find(ctx context.Context, question string, ask func() (answer, bool)) answer {
	if known, ok := s.answers[question]; ok {
		return known
	}
	if s.left <= 0 || question == "" || ctx.Err() != nil {
		return answer{}
	}
	known, ok := read(s.dir, question)
	if !ok {
		if known, ok = ask(); ok {
			keep(s.dir, question, known)
		}
	}
	s.left -= known.Probes
	s.answers[question] = known
	return known
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
