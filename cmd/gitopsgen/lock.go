package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// lockFormats are the formats of lock.
var lockFormats = map[string]func(io.Writer, lockReport) error{
	"json": lockJSON,
	"text": lockText,
}

func (p *program) lock() *cli.Command {
	return &cli.Command{
		Name:      "lock",
		Usage:     "pin the charts of a repository by their bytes",
		UsageText: "gitopsgen lock [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. Every chart that a kustomization names is fetched, and the digests of its
archive and of the files in it go to ` + layout.LockFile + `. From then on lint, render and scaffold refuse other bytes. What is
locked already is checked, and never overwritten; a chart whose version changed is locked anew. Where charts are vendored,
that is brought up to date too.

status: 0 all is locked, 1 with --check: it is not, 2 wrong command line, 3 could not work, or other bytes than the lock's

examples:
   gitopsgen lock
   gitopsgen lock --check --offline
   gitopsgen lock --accept my-platform`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing, and fail if there is something to write"},
			&cli.BoolFlag{Name: "accept", Usage: "take other bytes than the lock's for right"},
			formatFlag("text", lockFormats),
		}, chartFlags()...),
		Action: func(c *cli.Context) error {
			write, err := format(c, lockFormats)
			if err != nil {
				return err
			}
			check, accept := c.Bool("check"), c.Bool("accept")
			if check && accept {
				return usageError{errors.New("--check writes nothing, so there is nothing to --accept")}
			}
			from, err := parseCharts(c)
			if err != nil {
				return err
			}
			dir, err := oneArg(c, ".")
			if err != nil {
				return err
			}
			from.fresh = true
			o := lockOptions{charts: from, check: check, accept: accept, log: p.stdout}
			if c.String("format") != "text" {
				o.log = p.stderr // stdout holds one document
			}
			return p.runLock(c.Context, dir, o, write)
		},
	}
}

// lockOptions are the flags of lock as values.
type lockOptions struct {
	charts        chartOptions
	check, accept bool
	// pinned looks on for the bytes in the lock where a place has others.
	pinned bool
	// log is told what becomes of vendored charts.
	log io.Writer
}

func (p *program) runLock(ctx context.Context, dir string, o lockOptions, write func(io.Writer, lockReport) error) error {
	r, err := readCharts(dir)
	if err != nil {
		return err
	}
	places, network := p.chartPlaces(o.charts)
	if err := allowMirrors(network, r.tree); err != nil {
		return err
	}
	// What was unpacked by hand comes last: it says nothing of what the publisher has.
	places = append(places, r.homes()...)
	locked, err := r.lockCharts(ctx, fetcher{places: places, progress: p.progress}, o)
	p.progress("")
	if err != nil {
		return err
	}
	locked.report.noteSilent(network)
	if !o.check && locked.changed && !locked.refused() {
		if err := r.writeLock(locked.lock); err != nil {
			return err
		}
		locked.report.Written = true
	}
	if err := write(p.stdout, locked.report); err != nil {
		return err
	}
	if err := locked.failure(); err != nil {
		return err
	}
	switch {
	case o.check && locked.changed:
		return errFindings
	case o.check || len(r.lock.Vendored) == 0:
		return nil
	}
	if r, err = readCharts(dir); err != nil {
		return err
	}
	return p.runVendor(ctx, o.log, r, o.charts)
}

// locked is what became of a lock.
type locked struct {
	lock    layout.Lock
	charts  map[chart.Ref]chart.Chart
	report  lockReport
	changed bool
}

// The words for what became of a chart.
const (
	lockAdded    = "added"
	lockChanged  = "changed"
	lockVerified = "verified"
	lockKept     = "kept" // it could not be had, and is locked
	lockAccepted = "accepted"
	lockRemoved  = "removed"
	lockRefused  = "refused"
	lockMissing  = "missing" // it could not be had
)

// lockReport is what lock tells.
type lockReport struct {
	Schema  int        `json:"schema"`
	Written bool       `json:"written"`
	Charts  []lockLine `json:"charts"`
	Notes   []string   `json:"notes"`
}

// lockLine is one chart of a report.
type lockLine struct {
	Action     string `json:"action"`
	Name       string `json:"name"`
	Repository string `json:"repository"`
	Version    string `json:"version"`
	// Was is the version that was locked before.
	Was     string `json:"was,omitempty"`
	Digest  string `json:"digest,omitempty"`
	Content string `json:"content,omitempty"`
	Reason  string `json:"reason,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// lockCharts fetches the charts of a repository, and works out the lock that follows.
func (r chartRepository) lockCharts(ctx context.Context, f fetcher, o lockOptions) (locked, error) {
	out := locked{lock: r.lock, charts: map[chart.Ref]chart.Chart{}, report: lockReport{Schema: 1, Charts: []lockLine{}, Notes: []string{}}}
	refs := distinct(r.entries)
	if o.pinned {
		f.pins = r.lock.Pins()
	}
	fetched := f.all(ctx, refs)
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	out.lock.Charts = nil
	for i, e := range refs {
		old, known := find(r.lock.Charts, e.Ref)
		line, one := judge(old, fetched[i], o)
		name := e.Ref.Public()
		line.Name, line.Repository, line.Version = name.Name, name.Repo, name.Version
		line.File, line.Line, line.Column = e.Place.File, e.Place.Line, e.Place.Column
		if was := r.before(e.Ref); line.Action == lockAdded && !known && was != "" {
			line.Action, line.Was = lockChanged, was
		}
		if fetched[i].err == nil && line.Action != lockRefused {
			out.charts[e.Ref] = fetched[i].chart
		}
		if known || line.Action != lockMissing {
			one.Repository, one.Name, one.Version = name.Repo, name.Name, name.Version
			out.lock.Charts = append(out.lock.Charts, one)
		}
		out.changed = out.changed || one != old
		out.report.Charts = append(out.report.Charts, line)
	}
	for _, old := range r.lock.Charts {
		if _, stays := find(out.lock.Charts, old.Ref()); !stays && !slices.ContainsFunc(out.report.Charts, func(l lockLine) bool { return l.isOf(old) }) {
			out.changed = true
			out.report.Charts = append(out.report.Charts, lockLine{Action: lockRemoved, Name: old.Name, Repository: old.Repository, Version: old.Version})
		}
	}
	return out, nil
}

// isOf reports whether a line tells what became of a locked chart: of itself, or of the version that took its place.
func (l lockLine) isOf(old layout.LockedChart) bool {
	return l.Name == old.Name && l.Repository == old.Repository && (l.Version == old.Version || l.Was == old.Version)
}

// judge says what becomes of a locked chart now that it was fetched, or was not.
func judge(old layout.LockedChart, f fetched, o lockOptions) (lockLine, layout.LockedChart) {
	var unavailable *chart.Unavailable
	switch complete := old.Content != ""; {
	case f.err != nil && !errors.Is(f.err, chart.ErrNone) && !errors.As(f.err, &unavailable):
		return lockLine{Action: lockRefused, Reason: f.err.Error()}, old
	case f.err != nil && complete:
		return lockLine{Action: lockKept, Reason: f.err.Error(), Digest: old.Digest, Content: old.Content}, old
	case f.err != nil:
		return lockLine{Action: lockMissing, Reason: f.err.Error()}, old
	}
	wrong := old.Pin().Check(f.chart)
	now := old
	now.Content = f.chart.Content
	switch {
	case f.chart.Published:
		now.Digest = f.chart.Digest
	case now.Digest == "" || wrong != nil:
		now.Digest = layout.Unverified
	}
	line := lockLine{Action: lockVerified, Digest: now.Digest, Content: now.Content}
	switch {
	case wrong != nil && !o.accept:
		return lockLine{Action: lockRefused, Reason: wrong.Error(), Digest: now.Digest, Content: now.Content}, old
	case wrong != nil:
		line.Action, line.Reason = lockAccepted, wrong.Error()
	case now != old:
		line.Action = lockAdded
	}
	if line.Reason == "" && now.Digest == layout.Unverified {
		line.Reason = "its content is pinned; its digest stays " + layout.Unverified + " until the publisher's own archive is seen"
	}
	return line, now
}

func find(charts []layout.LockedChart, ref chart.Ref) (layout.LockedChart, bool) {
	i := slices.IndexFunc(charts, func(c layout.LockedChart) bool { return c.Ref() == ref.Public() })
	if i < 0 {
		return layout.LockedChart{}, false
	}
	return charts[i], true
}

// refused reports whether a chart has other bytes than the lock's.
func (l locked) refused() bool {
	return slices.ContainsFunc(l.report.Charts, func(line lockLine) bool { return line.Action == lockRefused })
}

// failure gives the error for charts that were refused or could not be had.
func (l locked) failure() error {
	var refused, missing []error
	for _, line := range l.report.Charts {
		name := fmt.Sprintf("%s: chart %s %s", manifest.Place{File: line.File, Line: line.Line, Column: line.Column}, line.Name, line.Version)
		switch line.Action {
		case lockRefused:
			refused = append(refused, fmt.Errorf("%s is refused, and nothing was written", name))
		case lockMissing:
			missing = append(missing, fmt.Errorf("%s could not be had", name))
		}
	}
	if len(refused) > 0 {
		return hintError{errors.Join(refused...), "ask its publisher why; where other bytes than the lock's are right, gitopsgen lock --accept takes them"}
	}
	return errors.Join(missing...)
}

// noteSilent adds who did not answer.
func (r *lockReport) noteSilent(network *chart.Network) {
	if network != nil {
		r.Notes = append(r.Notes, network.Silent()...)
	}
}

func lockJSON(w io.Writer, r lockReport) error {
	return escape.JSON(w, r)
}

func lockText(w io.Writer, r lockReport) error {
	var b strings.Builder
	count := map[string]int{}
	var order []string
	for _, l := range r.Charts {
		if count[l.Action]++; count[l.Action] == 1 {
			order = append(order, l.Action)
		}
		version := l.Version
		if l.Was != "" {
			version = l.Was + " -> " + l.Version
		}
		escape.Fprintf(&b, "%-9s %s %s of %s", l.Action, l.Name, version, l.Repository)
		if l.Reason != "" {
			escape.Fprintf(&b, ": %s", l.Reason)
		}
		b.WriteString("\n")
	}
	for _, n := range r.Notes {
		escape.Fprintf(&b, "note: %s\n", n)
	}
	slices.Sort(order)
	for i, action := range order {
		order[i] = fmt.Sprintf("%d %s", count[action], action)
	}
	state := "as it was"
	if r.Written {
		state = "written"
	}
	fmt.Fprintf(&b, "%s, %s; %s is %s\n", plural(len(r.Charts), "chart"), strings.Join(order, ", "), layout.LockFile, state)
	_, err := io.WriteString(w, b.String())
	return err
}
