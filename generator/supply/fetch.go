package supply

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

const (
	// fetches is how many charts are fetched at once: most of the time goes by with waiting.
	fetches = 8
	// maxKept bounds the files of the charts that are kept for rendering. All charts of a large platform have a fifth.
	maxKept = 256 << 20
)

// Fetcher gets charts, several at once.
type Fetcher struct {
	Places Places
	// Pins say which bytes are wanted, where that counts.
	Pins map[chart.Ref]chart.Pin
	// Progress is told how far it is; nil where nobody is to know.
	Progress func(text string)
}

// fetched is a chart, or the reason why there is none.
type fetched struct {
	chart chart.Chart
	err   error
}

func (f Fetcher) one(ctx context.Context, ref chart.Ref) fetched {
	c, err := build.Fetch(ctx, f.Places.list, ref, f.Pins[ref.Public()])
	return fetched{c, err}
}

// Chart gets a locked chart.
func (f Fetcher) Chart(ctx context.Context, c lock.Chart) (chart.Chart, error) {
	got := f.one(ctx, refOf(c))
	return got.chart, got.err
}

// all gets all charts, several at once.
func (f Fetcher) all(ctx context.Context, entries []build.Unit) []fetched {
	out := make([]fetched, len(entries))
	f.each(ctx, entries, func(i int, got fetched) { out[i] = got })
	return out
}

// each calls take for each chart as it comes, one at a time, in any order.
func (f Fetcher) each(ctx context.Context, entries []build.Unit, take func(i int, got fetched)) {
	var mu sync.Mutex
	done := 0
	finish := func(i int, got fetched) {
		mu.Lock()
		defer mu.Unlock()
		take(i, got)
		done++
		f.tell(done, len(entries))
	}
	f.tell(0, len(entries))
	slots := make(chan struct{}, fetches)
	var all sync.WaitGroup
	for i, e := range entries {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if e.Chart.Version == "" {
				finish(i, fetched{err: &chart.Unavailable{Reason: "it has no version, so it is another one every day: pin one"}})
				return
			}
			finish(i, f.one(ctx, e.Chart))
		})
	}
	all.Wait()
}

func (f Fetcher) tell(done, of int) {
	if of > 0 && f.Progress != nil {
		f.Progress(fmt.Sprintf("fetching charts: %d of %d", done, of))
	}
}

// ahead is a place that has what was fetched beforehand, and asks for all else.
type ahead struct {
	Fetcher
	known map[chart.Ref]fetched
}

// Chart implements build.Charts.
func (a ahead) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	got, known := a.known[ref]
	if !known {
		got = a.one(ctx, ref)
	}
	return got.chart, got.err
}

// Ahead gets the charts that a tree names and does not hold, all at once: one by one, as they are rendered, each would
// wait for its host. The place that it gives has them, and asks for all else.
func (f Fetcher) Ahead(ctx context.Context, t tree.Tree) build.Charts {
	named, _ := build.Units(t) // a kustomization that cannot be read is told when it is rendered
	named = distinct(slices.DeleteFunc(named, func(e build.Unit) bool {
		return e.Chart.Repo == "" || e.Chart.Version == "" || slices.ContainsFunc([]string{e.Dir, lock.ChartHome}, func(dir string) bool {
			folder := chart.Home{Dir: dir}.Folder(e.Chart)
			return len(t.Under(folder)) > 0 || t.WhyUnread(folder) != ""
		})
	}))
	a := ahead{f, map[chart.Ref]fetched{}}
	kept := 0
	f.each(ctx, named, func(i int, got fetched) {
		for _, file := range got.chart.Files {
			kept += len(file.Data)
		}
		if kept <= maxKept {
			a.known[named[i].Chart] = got
		}
	})
	return a
}
