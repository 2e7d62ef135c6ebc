package generator

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// keptReport is a report that an earlier run made of the same repository.
type keptReport struct {
	Report []byte
	// Until is when it ceases to be true; the zero time is never.
	Until time.Time
}

// checkKept checks a repository, unless an earlier run checked the same by the same options.
func (g Generator) checkKept(ctx context.Context, r Repository, o CheckOptions) (Checked, error) {
	key, ok := g.reportKey(r, o)
	if !ok {
		return g.check(ctx, r, o)
	}
	if out, known := g.keptReport(key); known {
		out.Tree = r.Tree
		return Checked{Report: out}, nil
	}
	ctx, noted := watchdog.Noting(ctx)
	out, err := g.check(ctx, r, o)
	if err != nil || out.Failure != nil || len(out.Checkouts) > 0 || noted() || slices.ContainsFunc(out.states(), dependsOnMore) {
		return out, err
	}
	if text, err := out.Pack(); err == nil {
		if data, err := manifest.Pack(keptReport{text, out.Until(time.Now())}); err == nil {
			g.Kept.PutLarge(key, data)
		}
	}
	return out, nil
}

// reportKey names the report of a repository by all that decides it. ok is false where it is not kept: where other states,
// repositories or files have a part in it, or where somebody asks for a part of it.
func (g Generator) reportKey(r Repository, o CheckOptions) (key cache.Key, ok bool) {
	rest := o
	rest.RequireRender, rest.ShowFetched, rest.Most = false, false, 0
	if rest.Checkouts = nil; len(o.Checkouts) > 0 || !reflect.DeepEqual(rest, CheckOptions{Keep: true}) {
		return key, false
	}
	text, err := json.Marshal([]any{r.Spec.Tier, r.Commit, r.Prefix(), r.Focus, r.Here, r.Remotes, o.RequireRender, o.ShowFetched, o.Most})
	if err != nil {
		return key, false
	}
	return g.Kept.Key("report", string(text), r.Tree.Digest())
}

func (g Generator) keptReport(key cache.Key) (out report.Report, ok bool) {
	data, ok := g.Kept.Large(key)
	var known keptReport
	if !ok || manifest.Unpack(data, &known) != nil || !known.Until.IsZero() && time.Now().After(known.Until) {
		return out, false
	}
	out, err := report.Unpack(known.Report)
	return out, err == nil
}

// states are those of all that was to be rendered, but for what is no Application's and needs arguments.
func (c Checked) states() (all []build.State) {
	for _, app := range c.Applications {
		all = append(all, app.State)
	}
	for _, root := range c.Roots {
		if root.Kind != string(render.Jsonnet) {
			all = append(all, root.State)
		}
	}
	return all
}

// dependsOnMore reports whether more than the repository decides that something is in a state: another time a chart may be at hand.
func dependsOnMore(s build.State) bool {
	return s.Kind == build.Recorded || s.Kind == build.NotRendered || s.Kind == build.Refused
}
