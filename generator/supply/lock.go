package supply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Locked is what becomes of a lock.
type Locked struct {
	Lock   lock.Lock
	Report LockReport
	// Changed says that the lock is another one than before.
	Changed bool

	charts map[chart.Ref]chart.Chart
}

// The words for what becomes of a chart.
const (
	added    = "added"
	changed  = "changed"
	verified = "verified"
	kept     = "kept" // it could not be had, and is locked
	accepted = "accepted"
	removed  = "removed"
	refused  = "refused"
	missing  = "missing" // it could not be had
)

// LockReport says what becomes of each chart. Its form in JSON is versioned by the field schema.
type LockReport struct {
	Schema  int        `json:"schema"`
	Written bool       `json:"written"`
	Charts  []LockLine `json:"charts"`
	Notes   []string   `json:"notes"`
}

// LockLine is one chart of a report.
type LockLine struct {
	// Action is one of the words above.
	Action     string `json:"action"`
	Name       string `json:"name"`
	Repository string `json:"repository"`
	Version    string `json:"version"`
	// Range is what an Application names it by, in place of a version.
	Range string `json:"range,omitempty"`
	// Was is the version that was locked before.
	Was     string `json:"was,omitempty"`
	Digest  string `json:"digest,omitempty"`
	Content string `json:"content,omitempty"`
	Reason  string `json:"reason,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// LockOptions say how charts are locked.
type LockOptions struct {
	// Accept takes other bytes than the lock's for right.
	Accept bool
	// pinned looks on for the bytes in the lock where a place has others.
	pinned bool
}

// Lock fetches the charts of a repository, and works out the lock that follows. What was unpacked by hand in the
// repository comes last: it says nothing of what the publisher has.
func (r Repository) Lock(ctx context.Context, f Fetcher, o LockOptions) (Locked, error) {
	f.Places.list = append(slices.Clone(f.Places.list), r.homes()...)
	return r.pin(ctx, f, o)
}

func (r Repository) pin(ctx context.Context, f Fetcher, o LockOptions) (Locked, error) {
	out := Locked{Lock: r.lock, charts: map[chart.Ref]chart.Chart{}, Report: LockReport{Schema: 1, Charts: []LockLine{}, Notes: []string{}}}
	f.Pins = o.pins(r.lock)
	s := f.Store()
	s.most = 0
	s.Bring(ctx, r.entries)
	if err := r.walk(ctx, s); err != nil {
		return out, err
	}
	if r.named = distinct(s.named); len(r.named)+len(r.lock.Charts) == 0 {
		return out, errors.New("neither a kustomization nor an Application here names a chart of a repository")
	}
	out.Lock.Charts = nil
	for _, e := range r.named {
		out.take(r, e, s.by[e.Chart], o)
	}
	unseen := slices.ContainsFunc(r.named, func(e build.Unit) bool { return s.by[e.Chart].err != nil })
	for _, old := range r.lock.Charts {
		if _, stays := find(out.Lock.Charts, refOf(old)); !stays && !slices.ContainsFunc(out.Report.Charts, func(l LockLine) bool { return l.isOf(old) }) {
			out.leave(old, unseen)
		}
	}
	return out, nil
}

// leave adds what becomes of a locked chart that nothing names. Where charts could not be had, what names it may not be seen.
func (l *Locked) leave(old lock.Chart, unseen bool) {
	line := LockLine{Action: removed, Name: old.Name, Repository: old.Repository, Version: old.Version, Range: old.Range}
	if unseen {
		line.Action, line.Reason = kept, "a chart that could not be had may name it"
		line.Digest, line.Content = old.Digest, old.Content
		l.Lock.Charts = append(l.Lock.Charts, old)
	} else {
		l.Changed = true
	}
	l.Report.Charts = append(l.Report.Charts, line)
}

// walk brings the charts that Applications name.
func (r Repository) walk(ctx context.Context, s *Store) error {
	if ctx.Err() != nil || r.Walk == nil {
		return ctx.Err()
	}
	return r.Walk(ctx, s)
}

// pins are what counts of a lock while its charts are fetched: other bytes are judged later on, unless they are looked on for.
func (o LockOptions) pins(l lock.Lock) map[chart.Ref]chart.Pin {
	pins := Pins(l)
	for ref, pin := range pins {
		switch {
		case o.Accept:
			delete(pins, ref)
		case !o.pinned:
			pins[ref] = chart.Pin{Version: pin.Version}
		}
	}
	return pins
}

// take adds what becomes of one chart of r.
func (l *Locked) take(r Repository, e build.Unit, got fetched, o LockOptions) {
	old, known := find(r.lock.Charts, e.Chart)
	was, judged := r.before(e.Chart), old
	if got.err == nil && old.Range != "" && old.Version != got.ref.Version {
		was, judged = old.Version, lock.Chart{}
	}
	line, now := judge(judged, got, o)
	name := e.Chart.Public()
	if now.Repository, now.Name = name.Repo, name.Name; got.err == nil || !known {
		now.Version = got.ref.Version
	}
	if now.Version != e.Chart.Version {
		now.Range = e.Chart.Version
	}
	line.Name, line.Repository, line.Version, line.Range = now.Name, now.Repository, now.Version, now.Range
	line.File, line.Line, line.Column = e.Place.File, e.Place.Line, e.Place.Column
	if line.Action == added && was != "" && judged == (lock.Chart{}) {
		line.Action, line.Was = changed, was
	}
	if got.err == nil && line.Action != refused {
		l.charts[e.Chart] = got.chart
	}
	if known || line.Action != missing {
		l.Lock.Charts = append(l.Lock.Charts, now)
	}
	l.Changed = l.Changed || now != old
	l.Report.Charts = append(l.Report.Charts, line)
}

// isOf reports whether a line tells what became of a locked chart: of itself, or of the version that took its place.
func (l LockLine) isOf(old lock.Chart) bool {
	return l.Name == old.Name && l.Repository == old.Repository && (l.Version == old.Version || l.Was == old.Version)
}

// judge says what becomes of a locked chart now that it was fetched, or was not.
func judge(old lock.Chart, f fetched, o LockOptions) (LockLine, lock.Chart) {
	var unavailable *chart.Unavailable
	switch complete := old.Content != ""; {
	case f.err != nil && !errors.Is(f.err, chart.ErrNone) && !errors.As(f.err, &unavailable):
		return LockLine{Action: refused, Reason: f.err.Error()}, old
	case f.err != nil && complete:
		return LockLine{Action: kept, Reason: f.err.Error(), Digest: old.Digest, Content: old.Content}, old
	case f.err != nil:
		return LockLine{Action: missing, Reason: f.err.Error()}, old
	}
	wrong := pinOf(old).Check(f.chart)
	now := old
	now.Content = f.chart.Content
	switch {
	case f.chart.Published:
		now.Digest = f.chart.Digest
	case now.Digest == "" || wrong != nil:
		now.Digest = lock.Unverified
	}
	line := LockLine{Action: verified, Digest: now.Digest, Content: now.Content}
	switch {
	case wrong != nil && !o.Accept:
		return LockLine{Action: refused, Reason: wrong.Error(), Digest: now.Digest, Content: now.Content}, old
	case wrong != nil:
		line.Action, line.Reason = accepted, wrong.Error()
	case now != old:
		line.Action = added
	}
	if line.Reason == "" && now.Digest == lock.Unverified {
		line.Reason = "its content is pinned; its digest stays " + lock.Unverified + " until the publisher's own archive is seen"
	}
	return line, now
}

func find(charts []lock.Chart, ref chart.Ref) (lock.Chart, bool) {
	i := slices.IndexFunc(charts, func(c lock.Chart) bool { return refOf(c) == ref.Public() })
	if i < 0 {
		return lock.Chart{}, false
	}
	return charts[i], true
}

// Refused reports whether a chart has other bytes than the lock's.
func (l Locked) Refused() bool {
	return slices.ContainsFunc(l.Report.Charts, func(line LockLine) bool { return line.Action == refused })
}

// Failure gives the error for charts that were refused or could not be had.
func (l Locked) Failure() error {
	var wrong, gone []error
	for _, line := range l.Report.Charts {
		name := fmt.Sprintf("%s: chart %s %s", manifest.Place{File: line.File, Line: line.Line, Column: line.Column}, line.Name, line.Version)
		switch line.Action {
		case refused:
			wrong = append(wrong, fmt.Errorf("%s is refused, and nothing was written", name))
		case missing:
			gone = append(gone, fmt.Errorf("%s could not be had", name))
		}
	}
	if len(wrong) > 0 {
		return fault.Hint(errors.Join(wrong...), "ask its publisher why; where other bytes than the lock's are right, gitopsgen lock --accept takes them")
	}
	return errors.Join(gone...)
}
