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

// fetched is a chart in one version, or the reason why there is none.
type fetched struct {
	chart chart.Chart
	ref   chart.Ref
	err   error
}

// one gets a chart as a unit names it. Only Applications may name it by a range of versions.
func (f Fetcher) one(ctx context.Context, u build.Unit) fetched {
	got := fetched{ref: u.Chart}
	pin := f.Pins[u.Chart.Public()]
	switch {
	case u.Chart.Version == "":
		got.err = &chart.Unavailable{Reason: "it has no version, so it is another one every day: pin one"}
	case u.Kind == build.Helm:
		got.ref, got.err = f.Places.Newest().Exact(ctx, u.Chart, pin)
	}
	if got.err == nil {
		got.chart, got.err = build.Fetch(ctx, f.Places.list, got.ref, pin)
	}
	return got
}

// Chart gets a locked chart.
func (f Fetcher) Chart(ctx context.Context, c lock.Chart) (chart.Chart, error) {
	return build.Fetch(ctx, f.Places.list, chart.Ref{Repo: c.Repository, Name: c.Name, Version: c.Version}, f.Pins[refOf(c)])
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
			finish(i, f.one(ctx, e))
		})
	}
	all.Wait()
}

func (f Fetcher) tell(done, of int) {
	if of > 0 && f.Progress != nil {
		f.Progress(fmt.Sprintf("fetching charts: %d of %d", done, of))
	}
}

// Store is a place that has the charts that were brought to it, and asks for all else: one by one, as they are rendered, each
// would wait for its host. Make one with Fetcher.Store.
type Store struct {
	Fetcher

	mu sync.Mutex
	// named are the charts that were brought, each once, and by what became of them, as they are named.
	named []build.Unit
	by    map[chart.Ref]fetched
	// known are those that are kept, by their versions. most bounds their bytes, and zero does not; kept is how many there are.
	known      map[chart.Ref]fetched
	most, kept int
}

// Store gives an empty one, for rendering: it keeps no more than fits into memory.
func (f Fetcher) Store() *Store {
	return &Store{Fetcher: f, most: maxKept, by: map[chart.Ref]fetched{}, known: map[chart.Ref]fetched{}}
}

// Chart implements build.Charts.
func (s *Store) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	s.mu.Lock()
	got, known := s.known[ref]
	s.mu.Unlock()
	if !known {
		got = s.one(ctx, build.Unit{Chart: ref})
	}
	return got.chart, got.err
}

// Bring gets the charts of units, all at once, as far as they were not brought before.
func (s *Store) Bring(ctx context.Context, units []build.Unit) {
	s.mu.Lock()
	todo := slices.DeleteFunc(distinct(units), func(u build.Unit) bool {
		_, known := s.by[u.Chart]
		return known
	})
	s.named = append(s.named, todo...)
	s.mu.Unlock()
	s.each(ctx, todo, func(i int, got fetched) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, file := range got.chart.Files {
			s.kept += len(file.Data)
		}
		if s.most == 0 || s.kept <= s.most {
			s.known[got.ref] = got
		} else {
			got.chart.Files = nil
		}
		s.by[todo[i].Chart] = got
	})
}

// Named are the charts that the kustomizations of a tree name and that it does not hold.
func Named(t tree.Tree) []build.Unit {
	named, _ := build.Units(t) // a kustomization that cannot be read is told when it is rendered
	return slices.DeleteFunc(named, func(e build.Unit) bool {
		return e.Chart.Repo == "" || e.Chart.Version == "" || slices.ContainsFunc([]string{e.Dir, lock.ChartHome}, func(dir string) bool {
			folder := chart.Home{Dir: dir}.Folder(e.Chart)
			return len(t.Under(folder)) > 0 || t.WhyUnread(folder) != ""
		})
	})
}
