package generator

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/focus"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/locate"
	"github.com/gitopsgen/gitopsgen/linter/part"
	"github.com/gitopsgen/gitopsgen/linter/report"
	"github.com/gitopsgen/gitopsgen/linter/schema/location"
)

// Checked is what a check has to tell.
type Checked struct {
	report.Report
	// Failure says why the repository is not wholly judged, where that ends the run; nil where nothing does.
	Failure error
	// Part is what this run found, where CheckOptions has a Share: the report has no findings then.
	Part part.Part
}

// CheckOptions say how a repository is checked.
type CheckOptions struct {
	RenderOptions
	// Since is the state from which on it is judged; nil judges all.
	Since *Since
	// Baseline has findings that are not told; nil has none.
	Baseline *linter.Baseline
	// Most is how many findings are listed, the worst of them; zero lists as many as reports may have.
	Most int
	// Locations have schemas of kinds, besides those of the library.
	Locations []location.Location
	// Keep says that the report may be one that an earlier run made, and is kept for later ones.
	Keep bool
	// Only chooses which findings are told. What chooses nothing is a misuse.
	Only linter.Only
	// Share is what of it this run judges. One of several finds a part, by these flags.
	Share linter.Share
	Flags []part.Flag

	// found is all that is found in the repository by Settings.
	found []linter.Finding
}

// Check renders and judges a repository. Every command that judges does it here.
func (g Generator) Check(ctx context.Context, r Repository, o CheckOptions) (Checked, error) {
	start := time.Now()
	defer g.tell("")
	defer g.keep(ctx)
	out, err := g.checkKept(ctx, r, o)
	out.Seconds = time.Since(start).Seconds()
	return out, err
}

func (g Generator) check(ctx context.Context, r Repository, o CheckOptions) (Checked, error) {
	start := time.Now()
	g.Compiled = cmp.Or(g.Compiled, &Compiled{})
	located := g.located(ctx, o.Locations)
	if located != nil {
		g.Schemas = located
	}
	if err := g.checkOnly(ctx, r, o); err != nil {
		return Checked{}, err
	}
	// What is asked for a second time is kept: something has changed.
	defer g.compileAhead(ctx, o.settings(r).Repository, o.Keep)()
	rendered, was, err := g.renderFor(ctx, r, o)
	if err != nil {
		return Checked{}, err
	}
	g.tell("judging")
	by := g.vouch(ctx, &rendered, o.settings(r))
	seen := r.Focus.Narrow(rendered.Result)
	var facts part.Facts
	found, err := g.judge(ctx, &rendered, judgement{o, by, was, seen, &facts})
	if err != nil {
		return Checked{}, err
	}
	if located != nil {
		rendered.Notes = append(rendered.Notes, located.Notes()...)
	}
	files := covered(rendered, o)
	seen.Notes = rendered.Notes
	rendered.Result = seen.Result
	out := newReport(rendered, found)
	out.Outside, out.Files = outside(seen, found), files
	out.Tool = report.Tool{Name: "gitopsgen", Version: g.Version}
	out.SettingsFrom, out.Seconds = by.from, time.Since(start).Seconds()
	if o.Since != nil {
		out.Since = o.Since.String()
	}
	if o.Baseline != nil {
		out.Baseline = o.Baseline.File
	}
	checked := Checked{Report: out, Failure: rendered.Failure}
	if o.Share.Of > 0 {
		facts.Report, facts.Failure, facts.Flags = out, part.FailureOf(rendered.Failure), o.Flags
		facts.Report.Root = filepath.ToSlash(filepath.Clean(r.Dir))
		facts.Commit, facts.Tree = rendered.Commit, rendered.Tree.Digest()
		checked.Part = part.New(o.Share, facts)
	}
	return checked, nil
}

// keep writes what was found for later runs. Where that does not work it is found again.
func (g Generator) keep(ctx context.Context) {
	if g.Kept != nil {
		snapshot.Keep(ctx)
		_ = g.Kept.Save()
	}
}

// judgement is how a repository is judged: by some settings, with what was there before, and as it is seen.
type judgement struct {
	CheckOptions
	by   *Settings
	was  []Rendered
	seen focus.View
	// facts are filled in where it is judged in shares.
	facts *part.Facts
}

// judge finds what is wrong with a repository, and what of that is to be told. It notes what it could not see.
func (g Generator) judge(ctx context.Context, is *Rendered, j judgement) (found linter.Report, err error) {
	checkers, options, err := g.judges(ctx, j.by)
	if err != nil {
		return found, err
	}
	options.Most, options.Only, options.Baseline = j.Most, j.Only, j.Baseline
	in := g.lintInput(ctx, *is, j.by, j.Kube)
	if in.Share = j.Share; j.Share.Of == 0 {
		found, err = linter.All(ctx, checkers, in, options)
	} else {
		*j.facts, err = g.facts(ctx, checkers, in, options, j.seen)
	}
	if err != nil {
		return found, err
	}
	if is.Focus != "" { // where a finding stands says whether it is told
		options.Told = j.seen.Told
		if found, err = g.locate(ctx, found, j.seen); err != nil {
			return found, err
		}
	}
	if j.found = found.Findings; j.Since != nil {
		if err := g.compare(ctx, &options, is, j.was, j.CheckOptions); err != nil {
			return found, err
		}
	}
	others, err := g.judgedByOthers(in)
	if err != nil {
		return found, err
	}
	is.Notes = slices.Concat(is.Notes, others, unseen(in, j.by.Tree), is.overlooked())
	if found = found.Tell(in, options); is.Focus == "" {
		found, err = g.locate(ctx, found, j.seen)
	}
	return found.Gather(options), err
}

// facts are what one run of several finds, with the values behind all findings that may be told.
func (g Generator) facts(ctx context.Context, checkers []linter.Checker, in linter.Input, o linter.Options, seen focus.View) (f part.Facts, err error) {
	rules := linter.Rules(checkers)
	found, err := linter.Find(ctx, checkers, in, o)
	if err != nil {
		return f, err
	}
	told := linter.Settle(rules, found, in, o).Tell(in, o)
	values, err := locate.Ask(ctx, told, seen.Result, g.cache("causes"))
	return part.Facts{Input: in, Options: o, Rules: rules, Judgement: found.Discreet(rules, in, o), Values: values}, err
}

// locate finds the values behind the findings about what is seen.
func (g Generator) locate(ctx context.Context, found linter.Report, seen focus.View) (linter.Report, error) {
	var about, rest []linter.Finding
	for _, f := range found.Findings {
		if seen.Judged(f) {
			about = append(about, f)
		} else {
			rest = append(rest, f)
		}
	}
	located, err := locate.Values(ctx, found.With(about), seen.Result, g.cache("causes"))
	return located.With(append(located.Findings, rest...)), err
}

// checkOnly finds what chooses no finding at all, before anything is rendered.
func (g Generator) checkOnly(ctx context.Context, r Repository, o CheckOptions) error {
	if len(o.Only.Rules)+len(o.Only.Paths) == 0 {
		return nil
	}
	checkers, err := g.checkers(ctx, o.settings(r).Repository)
	if err != nil {
		return err
	}
	if err := o.Only.Check(linter.Rules(checkers), append(o.Checkouts.Files(), r.Tree.Files()...)); err != nil {
		return fault.Misuse(err)
	}
	return nil
}

// renderFor renders what is to be judged, and what was there before where that counts.
func (g Generator) renderFor(ctx context.Context, r Repository, o CheckOptions) (is Rendered, was []Rendered, err error) {
	if o.Since != nil {
		return g.renderSince(ctx, r, o)
	}
	is, err = g.renderWhole(ctx, r, o.RenderOptions)
	return is, nil, err
}

// judges are all that judge by some settings, and how.
func (g Generator) judges(ctx context.Context, by *Settings) ([]linter.Checker, linter.Options, error) {
	checkers, err := g.checkers(ctx, by.Repository)
	if err != nil {
		return nil, linter.Options{}, err
	}
	options, err := by.options(linter.Rules(checkers))
	options.Now = time.Now()
	return checkers, options, err
}

// Checkers are all that judge a repository: the rules, our policies with those in t, what the API server refuses, and the schemas.
func (g Generator) Checkers(ctx context.Context, t tree.Tree) ([]linter.Checker, error) {
	return g.checkers(ctx, Repository{Tree: t})
}

// Rules are those that judge a repository, with the tier that weighs them and what the repository sets of them.
func (g Generator) Rules(ctx context.Context, r Repository) (linter.Report, error) {
	checkers, options, err := g.judges(ctx, &Settings{Repository: r})
	if err != nil {
		return linter.Report{}, err
	}
	rules := linter.Rules(checkers)
	return linter.Report{Rules: rules, Tier: r.Spec.Tier, Set: options.Set}, nil
}

// trustedRule is the rule whose parameter gitopsgen.yaml has a place of its own for.
const trustedRule = "images/trusted-registries"

// problemRules are the rules that a problem of rendering breaks.
var problemRules = map[build.ProblemKind]string{
	build.RenderFailed:   "source/render-failed",
	build.InvalidYAML:    "manifest/invalid-yaml",
	build.DuplicateKey:   "manifest/duplicate-key",
	build.HelmNotEnabled: "source/enable-helm-missing",
}

// notRendered are the findings of what is not rendered through no fault of its own. That of which no Application tells may be
// meant for something else: of charts each is told, for Argo CD takes them as they are.
func notRendered(r render.Result) (all []linter.Finding) {
	for _, app := range r.Applications {
		if app.State.Kind == build.NotRendered && app.Kind != render.Jsonnet {
			all = append(all, linter.Finding{
				Rule: "source/not-rendered", Place: app.Place, Message: app.Label() + " is not rendered: " + app.State.Reason, Fix: app.State.Hint,
			})
		}
	}
	return all
}

// unknownValues are the findings of values that charts do not know.
func unknownValues(ctx context.Context, r render.Result) (out linter.Judgement) {
	found, err := r.Unknown(ctx)
	if err != nil {
		out.NotJudged = append(out.NotJudged, linter.NotJudged{Reason: err.Error()})
	}
	for _, v := range found {
		out.Findings = append(out.Findings, linter.Finding{
			Place: v.Place, Message: fmt.Sprintf("the chart %s knows no value %q%s", v.Chart, v.Path, v.Meant),
		})
	}
	return out
}

// lintInput hands what was rendered to the checkers.
func (g Generator) lintInput(ctx context.Context, r Rendered, by *Settings, kube Kube) linter.Input {
	in := linter.Input{
		Tree: r.Tree, Resources: r.Resources, Tier: by.Spec.Tier, KubernetesVersion: kube.of(r.Spec.KubernetesVersion),
		ClusterVersions: map[string]string{}, Clusters: by.clusters(), Namespaced: g.Namespaced, Kept: g.Kept,
		Focus: r.Focus.Has, Generated: by.Lock.Untouched(r.Tree), Trusted: by.from != "", Params: by.params(), External: by.external(),
		Unknown: func() linter.Judgement { return unknownValues(ctx, r.Result) },
	}
	for _, c := range r.Spec.Clusters {
		in.ClusterVersions[c.Name] = kube.of(c.KubernetesVersion)
	}
	for _, problem := range r.Problems {
		in.Problems = append(in.Problems, linter.Finding{Rule: problemRules[problem.Kind], Place: problem.Place, Message: problem.Message})
	}
	in.Problems = append(in.Problems, notRendered(r.Result)...)
	for _, app := range r.Applications {
		if app.Kind.Unreached() {
			continue // nothing says that it is deployed
		}
		in.Applications = append(in.Applications, linter.State{Name: app.Name, Cluster: app.Cluster, Complete: app.State.Known(), Unchanged: app.State.Kind == build.Unchanged})
	}
	return in
}

// unseen tells of the objects that the policies in a tree may not see.
func unseen(in linter.Input, t tree.Tree) (notes []string) {
	n := 0
	for _, res := range in.Resources {
		if res.Origin.Fetched && !in.Trusted {
			n++
		}
	}
	if n == 0 || !slices.ContainsFunc(t.Under(policyDir), func(f tree.File) bool { return path.Ext(f.Path) == ".rego" }) {
		return nil
	}
	return []string{fmt.Sprintf(
		"the repository's own policies do not see %s with what is fetched by URL; --settings-from a revision that you trust, or --show-fetched, lets them", wording.Count(n, "object"))}
}
