package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

func (p *program) vendor() *cli.Command {
	return &cli.Command{
		Name:      "vendor",
		Usage:     "put the charts into the repository, so that Argo CD needs no network for them",
		UsageText: "gitopsgen vendor [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. The files of every chart that a kustomization names go to
` + layout.ChartHome + `/<name>-<version>/<name>, where kustomize finds them by helmGlobals.chartHome, and their digests to the lock. Where an
entry names no valuesFile, kustomize wants the chart below its own kustomization, and there it goes. Charts that nothing
needs any more are removed, if gitopsgen put them there. Nothing is committed.

status: 0 all is here, 1 with --check: it is not, 2 wrong command line, 3 could not work, or other bytes than the lock's

examples:
   gitopsgen vendor
   gitopsgen vendor --check
   gitopsgen vendor --chart-mirror https://charts.example.org=oci://registry.example.org/charts`,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing and ask nobody, and fail if a chart is not here as the lock has it"},
		}, chartFlags()...),
		Action: func(c *cli.Context) error {
			from, err := parseCharts(c)
			if err != nil {
				return err
			}
			dir, err := oneArg(c, ".")
			if err != nil {
				return err
			}
			r, err := readCharts(dir)
			if err != nil {
				return err
			}
			if c.Bool("check") {
				return p.checkVendored(r)
			}
			return p.runVendor(c.Context, p.stdout, r, from)
		},
	}
}

// runVendor brings the charts that are not there yet, takes away those that nothing needs any more, and tells w.
func (p *program) runVendor(ctx context.Context, w io.Writer, r chartRepository, from chartOptions) error {
	from.fresh = false
	places, network := p.chartPlaces(from)
	if err := allowMirrors(network, r.tree); err != nil {
		return err
	}
	// What is here as the lock has it need not be fetched.
	places = append([]render.Charts{sound{r}}, places...)
	pinned, err := r.lockCharts(ctx, fetcher{places: places, progress: p.progress}, lockOptions{pinned: true})
	p.progress("")
	if err != nil {
		return err
	}
	for i, line := range pinned.report.Charts {
		if line.Action == lockKept {
			pinned.report.Charts[i].Action = lockMissing // it is locked, but its files are nowhere
		}
	}
	if failure := pinned.failure(); failure != nil {
		pinned.report.noteSilent(network)
		if err := lockText(w, pinned.report); err != nil {
			return err
		}
		return failure
	}
	v := vendoring{repository: r, lock: pinned.lock, charts: pinned.charts}
	if err := v.plan(); err != nil {
		return err
	}
	// The lock comes first: by it the next run knows as ours what this one may leave half written.
	if err := v.encodeLock(); err != nil {
		return err
	}
	if err := gitrepo.Replace(r.dir, v.changes); err != nil {
		return err
	}
	if err := v.tell(w); err != nil {
		return err
	}
	return r.unseen(v.needed)
}

// sound is a place that gives the charts that stand in a repository as its lock has them.
type sound struct{ chartRepository }

// Chart implements render.Charts.
func (s sound) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	old, _ := find(s.lock.Charts, ref)
	for _, home := range s.homes() {
		if c, err := home.Chart(ctx, ref); err == nil && c.Content == old.Content {
			return c, nil
		}
	}
	return chart.Chart{}, chart.ErrNone
}

func (v *vendoring) tell(w io.Writer) error {
	slices.Sort(v.lines)
	var b strings.Builder
	for _, line := range v.lines {
		escape.Fprintf(&b, "%s\n", line)
	}
	state := "; commit what changed"
	if len(v.changes) == 0 {
		state = "; nothing changed"
	}
	fmt.Fprintf(&b, "%s in the repository%s\n", plural(len(v.needed), "chart"), state)
	_, err := io.WriteString(w, b.String())
	return err
}

// unseen gives an error where Git would not take what was written.
func (r chartRepository) unseen(needed map[string]string) error {
	t, err := gitrepo.Read(r.dir)
	if err != nil {
		return err
	}
	for _, folder := range slices.Sorted(maps.Keys(needed)) {
		if c, ok := standing(t, folder); !ok || c.Content != needed[folder] {
			return hintError{fmt.Errorf("%s is written, but Git ignores files of it", folder), "git check-ignore -v " + folder + "/* says by which line of which .gitignore; mend that"}
		}
	}
	return nil
}

// checkVendored tells which charts are not in the repository as the lock has them.
func (p *program) checkVendored(r chartRepository) error {
	v := vendoring{repository: r, lock: r.lock}
	var wrong []string
	needed := map[string]bool{}
	for _, e := range r.entries {
		at := fmt.Sprintf("%s: chart %s", e.Place, e.Ref)
		home := chart.Home{Dir: v.home(e)}
		folder := home.Folder(e.Ref)
		needed[folder] = true
		old, _ := find(r.lock.Charts, e.Ref)
		have, there := standing(r.tree, folder)
		switch {
		case old.Content == "":
			wrong = append(wrong, at+" is not in the lock")
		case !there:
			wrong = append(wrong, at+" is not in "+folder)
		case have.Content != old.Content:
			wrong = append(wrong, fmt.Sprintf("%s in %s: its content is %s, and the lock has %s", at, folder, have.Content, old.Content))
		case home.Dir != e.Home:
			wrong = append(wrong, at+" is in "+folder+", but the kustomization has no helmGlobals.chartHome that leads there")
		}
	}
	for _, old := range r.lock.Vendored {
		if !needed[old.Path] {
			wrong = append(wrong, layout.LockFile+": nothing needs "+old.Path+" any more")
		}
	}
	if len(wrong) > 0 {
		for _, line := range wrong {
			escape.Fprintf(p.stdout, "%s\n", line)
		}
		fmt.Fprintln(p.stdout, "run gitopsgen vendor")
		return errFindings
	}
	_, err := fmt.Fprintf(p.stdout, "%s in the repository, as the lock has them\n", plural(len(needed), "chart"))
	return err
}
