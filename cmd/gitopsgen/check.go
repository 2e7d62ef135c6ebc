package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/policy"
	"github.com/gitopsgen/gitopsgen/linter/report"
	"github.com/gitopsgen/gitopsgen/linter/rules"
	"github.com/gitopsgen/gitopsgen/linter/schema"
	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// checkOptions are the flags that decide how a tree is checked.
type checkOptions struct {
	charts []render.Charts
	// network is the last of charts; nil where there is none.
	network *chart.Network
	// progress is told what takes time; nil where nobody is to know.
	progress      func(text string)
	requireRender bool
	// showFetched says that findings may tell what was fetched by URL.
	showFetched bool
	failOn      linter.Severity
	// app is the only Application to render; empty renders all. Where it cannot be told alone the others are there too.
	app string
	// tier is used where the tree does not say one.
	tier blueprint.Tier
	// settings are another revision's; nil is the tree's own.
	settings *settings
	// urls are those under which the repository is known to be served, besides the one in its spec.
	urls []string
}

func (o checkOptions) tell(text string) {
	if o.progress != nil {
		o.progress(text)
	}
}

// checkFlags are the flags of every command that renders or judges a tree.
func checkFlags() []cli.Flag {
	return append(chartFlags(),
		&cli.BoolFlag{Name: "require-render", Usage: "fail if an Application cannot be rendered"},
		&cli.BoolFlag{Name: "show-fetched", Usage: "tell in findings what files hold that are fetched by URL, and have the repository's own policies judge them: for repositories whose authors you trust"},
	)
}

// judgeFlags are the flags of every command that judges a tree.
func judgeFlags() []cli.Flag {
	return append(checkFlags(), &cli.StringFlag{Name: "fail-on", Value: linter.Error.String(), Usage: "least `SEVERITY` of a finding that fails the run: info, warning or error"})
}

// parseCheck turns the flags of checkFlags and judgeFlags into values.
func (p *program) parseCheck(c *cli.Context) (checkOptions, error) {
	o := checkOptions{requireRender: c.Bool("require-render"), showFetched: c.Bool("show-fetched"), failOn: linter.Error, progress: p.progress}
	from, err := parseCharts(c)
	if err != nil {
		return o, err
	}
	o.charts, o.network = p.chartPlaces(from)
	if c.IsSet("fail-on") {
		failOn, err := linter.ParseSeverity(c.String("fail-on"))
		if err != nil || failOn == linter.Off {
			return o, usageError{fmt.Errorf("--fail-on %q: want info, warning or error", c.String("fail-on"))}
		}
		o.failOn = failOn
	}
	return o, nil
}

// openTree reads the directory that a command's argument names, and its flags.
func (p *program) openTree(c *cli.Context) (dir string, t tree.Tree, o checkOptions, err error) {
	if dir, err = oneArg(c, "."); err != nil {
		return dir, t, o, err
	}
	if o, err = p.parseCheck(c); err != nil {
		return dir, t, o, err
	}
	o.tier, o.urls = blueprint.Medium, gitrepo.Remotes(dir)
	t, err = gitrepo.Read(dir)
	return dir, t, o, err
}

// rendered is a tree with what it renders to and what it says of itself.
type rendered struct {
	tree tree.Tree
	// document is the spec as it stands in its file; nil where there is none.
	document *blueprint.Document
	spec     blueprint.Spec
	lock     layout.Lock
	result   render.Result
	// failure says why it is not wholly judged, where that ends the run; nil where nothing does.
	failure error
}

// checked is a report, and the failure that ends the run though there is one; nil is none.
type checked struct {
	report.Report
	failure error
}

// readTree reads what a tree says of itself.
func readTree(t tree.Tree, o checkOptions) (rendered, error) {
	s, err := settingsIn(t, blueprint.SpecFile, o.tier)
	if err != nil {
		return rendered{tree: t}, err
	}
	lock, _, err := layout.ReadLock(t)
	return rendered{tree: t, document: s.document, spec: s.spec.WithDefaults(), lock: lock}, err
}

// options say how a tree is rendered. Where the repository is served, what its clusters are called and which mirrors are
// asked decides what is judged, and by which waivers: that is the settings' to say.
func (r rendered) options(o checkOptions) (render.Options, error) {
	by := cmp.Or(o.settings, r.own())
	namespaced, err := namespacedKinds()
	if err != nil {
		return render.Options{}, err
	}
	options := render.Options{
		Charts: o.charts, Pins: r.lock.Pins(), URLs: o.urls, ShowFetched: o.showFetched, Clusters: map[string]string{},
		Namespaced: namespaced, KubeVersion: r.spec.KubernetesVersion + ".0",
	}
	spec := by.spec.WithDefaults()
	for _, c := range spec.Clusters {
		options.Clusters[c.Server], options.Clusters[c.Name] = c.Name, c.Name
	}
	// What is generated has the default where nothing is told.
	if by.document != nil && by.document.Spec.Repository.URL != "" || len(by.lock.Files) > 0 {
		options.URLs, options.Branch = append([]string{spec.Repository.URL}, o.urls...), spec.Repository.Branch
	}
	if o.network != nil {
		o.network.Allow(spec.Registries.Mirror.Hosts()...)
		options.File = o.network.File
	}
	return options, nil
}

// renderTree reads what a tree says of itself and renders it.
func renderTree(ctx context.Context, t tree.Tree, o checkOptions) (rendered, error) {
	r, err := readTree(t, o)
	if err != nil {
		return r, err
	}
	options, err := r.options(o)
	if err != nil {
		return r, err
	}
	known := knownCharts{ctx: ctx, tree: t, spec: r.spec, lock: r.lock, pins: options.Pins}
	options.Recorded = known.chart
	alone := false
	if o.app != "" {
		o.tell("rendering")
		r.result, alone, err = render.One(ctx, t, o.app, options)
	}
	if err == nil && !alone {
		options.Charts = []render.Charts{fetcher{o.charts, options.Pins, o.tell}.fetchAhead(ctx, t)}
		o.tell("rendering")
		r.result, err = render.All(ctx, t, options)
	}
	if err := cmp.Or(err, known.err); err != nil {
		return r, err
	}
	if o.network != nil {
		r.result.Notes = append(r.result.Notes, o.network.Silent()...)
	}
	if len(r.result.Resources)+len(r.result.Problems)+len(r.result.Applications) == 0 {
		return r, errors.New("there is nothing to check: no Argo CD Application, kustomization or manifest")
	}
	r.failure = cmp.Or(failure(r.result, o), nothing(r.result))
	return r, nil
}

// failure gives the error of a tree that could not be judged wholly, nil where that is as the flags allow it.
func failure(result render.Result, o checkOptions) error {
	var refused []error
	for _, p := range result.Problems {
		if p.Kind == render.ChartRefused {
			refused = append(refused, fmt.Errorf("%s: %s", p.Place, p.Message))
		}
	}
	if len(refused) > 0 {
		return hintError{
			errors.Join(refused...),
			"ask its publisher why, or take it from elsewhere by --chart-mirror; where other bytes than the lock's are right, gitopsgen lock --accept takes them",
		}
	}
	if !o.requireRender {
		return nil
	}
	var lacking []error
	for _, app := range result.Applications {
		why := cmp.Or(app.NotRendered, app.Recorded)
		if why != "" && !app.Failed && !app.Elsewhere {
			lacking = append(lacking, fmt.Errorf("%s: Application %s is not rendered: %s", app.Place, app.Name, why))
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return hintError{errors.Join(lacking...), "put the charts into the repository with gitopsgen vendor, give a mirror by --chart-mirror, or leave --require-render out"}
}

// nothing gives the error of a tree of which nothing could be rendered. The report says why.
func nothing(result render.Result) error {
	if len(result.Resources)+len(result.Problems) > 0 {
		return nil
	}
	return errors.New("there is nothing that could be checked: nothing here was rendered")
}

// namespacedKinds gives a function that tells by the schemas whether a kind stands in a namespace.
func namespacedKinds() (func(group, kind string) (namespaced, known bool), error) {
	kinds, err := schemas.Embedded().Kinds()
	if err != nil {
		return nil, err
	}
	scopes := make(map[string]bool, len(kinds))
	for _, k := range kinds {
		if k.Scope != "" {
			scopes[k.Group+"/"+k.Kind] = k.Scope == schemas.Namespaced
		}
	}
	return func(group, kind string) (namespaced, known bool) {
		namespaced, known = scopes[group+"/"+kind]
		return namespaced, known
	}, nil
}

// check renders and judges a tree. Every command that judges does it here.
func (p *program) check(ctx context.Context, t tree.Tree, o checkOptions) (checked, error) {
	start := time.Now()
	defer p.progress("")
	r, err := renderTree(ctx, t, o)
	if err != nil {
		return checked{}, err
	}
	p.progress("judging")
	by := cmp.Or(o.settings, r.own())
	checkers, err := p.checkers(ctx, by.tree)
	if err != nil {
		return checked{}, err
	}
	options, err := by.options(linter.Rules(checkers))
	if err != nil {
		return checked{}, err
	}
	options.Now = time.Now()
	in := lintInput(r, by)
	in.Cause, in.Trusted = r.result.Causes(p.cacheDir("causes")).Find, by.from != ""
	if n := unseen(in, by.tree); n > 0 {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf(
			"the repository's own policies do not see %s with what is fetched by URL; --settings-from a revision that you trust, or --show-fetched, lets them", plural(n, "object")))
	}
	found, err := linter.Run(ctx, checkers, in, options)
	if err != nil {
		return checked{}, err
	}
	out := report.Report{
		Report: found, Objects: len(r.result.Resources), Standalone: len(r.result.Standalone),
		NoApplications: len(r.result.Applications) == 0, Notes: r.result.Notes, Color: p.color(),
		SettingsFrom: by.from, OwnWaivers: ownWaivers,
	}
	for _, app := range r.result.Applications {
		one := report.Application{Name: app.Name, Cluster: app.Cluster, Status: report.Rendered, Reason: app.NotRendered}
		switch {
		case app.Elsewhere:
			one.Status = report.Elsewhere
		case app.NotRendered != "":
			one.Status = report.NotRendered
		case app.Recorded != "":
			one.Status, one.Reason = report.Recorded, app.Recorded
		}
		out.Applications = append(out.Applications, one)
	}
	out.Seconds = time.Since(start).Seconds()
	return checked{out, r.failure}, nil
}

// unseen counts the objects that the policies in a tree may not see.
func unseen(in linter.Input, t tree.Tree) int {
	n := 0
	for _, res := range in.Resources {
		if res.Origin.Fetched && !in.Trusted {
			n++
		}
	}
	if !slices.ContainsFunc(t.Under(policyDir), func(f tree.File) bool { return path.Ext(f.Path) == ".rego" }) {
		return 0
	}
	return n
}

// checkers are all that judge a tree: the schemas, our policies, the tree's own, and the rules.
func (p *program) checkers(ctx context.Context, t tree.Tree) ([]linter.Checker, error) {
	judge, err := policy.New(ctx,
		policy.Source{Name: "", Files: policies.FS},
		policy.Source{Name: policyDir, Files: t.FS(policyDir)},
	)
	if err != nil {
		return nil, err
	}
	bundle := schemas.Embedded()
	return []linter.Checker{
		rules.Checker{},
		judge,
		schema.New(schema.Source{Digest: bundle.Digest(), Schema: bundle.Schema, Custom: bundle.Custom}, p.cacheDir("schemas")),
	}, nil
}

// cacheDir is a folder of ours in the user's cache; empty where there is none.
func (p *program) cacheDir(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "gitopsgen", name)
}

// trustedRule is the rule whose parameter gitopsgen.yaml has a place of its own for.
const trustedRule = "images/trusted-registries"

// problemRules are the rules that a problem of rendering breaks.
var problemRules = map[render.ProblemKind]string{
	render.RenderFailed:   "source/render-failed",
	render.InvalidYAML:    "manifest/invalid-yaml",
	render.DuplicateKey:   "manifest/duplicate-key",
	render.HelmNotEnabled: "source/enable-helm-missing",
}

// lintInput hands what was rendered to the checkers.
func lintInput(r rendered, by *settings) linter.Input {
	in := linter.Input{
		Tree: r.tree, Resources: r.result.Resources, Tier: by.spec.Tier, KubernetesVersion: r.spec.KubernetesVersion,
		ClusterVersions: map[string]string{}, Params: by.params(),
	}
	for _, c := range r.spec.Clusters {
		in.ClusterVersions[c.Name] = c.KubernetesVersion
	}
	for _, problem := range r.result.Problems {
		if problem.Kind == render.ChartRefused {
			continue // which is no finding: the repository may be right
		}
		in.Problems = append(in.Problems, linter.Finding{Rule: problemRules[problem.Kind], Place: problem.Place, Message: problem.Message})
	}
	for _, app := range r.result.Applications {
		in.Partial = in.Partial || app.NotRendered != ""
	}
	return in
}

// verdict is the error that a report ends a command with.
func verdict(c checked, failOn linter.Severity) error {
	if c.failure != nil {
		return c.failure
	}
	if c.Worst() >= failOn {
		return errFindings
	}
	return nil
}

// userFiles is the folder of a spec's own blueprint.
func userFiles(dir string) (fs.FS, func(), error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", dir, err)
	}
	return root.FS(), func() { root.Close() }, nil
}
