package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"
	"helm.sh/helm/v4/pkg/helmpath"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/network"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
	"github.com/gitopsgen/gitopsgen/templates"
)

// chartFlags are the flags of every command that needs charts.
func chartFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "chart-mirror", Usage: "take the charts of the repositories below a URL from elsewhere: `FROM=TO`, where TO is a URL or a folder of packaged charts"},
		&cli.StringFlag{Name: "ca-file", Usage: "trust the authorities in this PEM `FILE` too"},
		&cli.StringSliceFlag{Name: "allow-host", EnvVars: []string{"GITOPSGEN_ALLOW_HOST"}, Usage: "ask this `HOST` even if it is the machine itself or on its link: loopback and link-local addresses are refused otherwise, but for mirrors"},
		&cli.BoolFlag{Name: "offline", Usage: "use no network: charts come from the repository, the cache and folders"},
		timeoutFlag,
	}
}

// checkFlags are the flags of every command that renders or judges a tree.
func checkFlags() []cli.Flag {
	return append(chartFlags(),
		&cli.BoolFlag{Name: "require-render", Usage: "fail if an Application cannot be rendered"},
		&cli.BoolFlag{Name: "no-cache", EnvVars: []string{"GITOPSGEN_NO_CACHE"}, Usage: "work out everything anew, and keep nothing of it for later runs; charts that were fetched count all the same"},
		&cli.BoolFlag{Name: "show-fetched", Usage: "tell in findings what files hold that are fetched by URL, and have the repository's own policies judge them: for repositories whose authors you trust"},
	)
}

// repoFlag is that of every command that reads what others wrote.
func repoFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "repo", Usage: "render what Applications and kustomizations take from another Git repository, of which a checkout is given: `URL=DIR`"}
}

// kubeFlag is that of every command that can tell what another version of Kubernetes would make of a repository.
func kubeFlag() cli.Flag {
	return &cli.StringFlag{Name: "kube-version", Usage: "take clusters to have this `VERSION` of Kubernetes, as in 1.37, and not the one in gitopsgen.yaml; next is the one after each cluster's own"}
}

// judgeFlags are the flags of every command that judges a tree.
func judgeFlags() []cli.Flag {
	return append(checkFlags(), &cli.StringFlag{Name: "fail-on", Value: linter.Error.String(), Usage: "least `SEVERITY` of a finding that fails the run: info, warning or error"})
}

// parseCharts turns the flags of chartFlags into values.
func (p *program) parseCharts(c *cli.Context) (o supply.Options, err error) {
	o.Offline, o.Hosts, o.Cache = c.Bool("offline"), c.StringSlice("allow-host"), p.cacheDir("charts")
	o.Repositories = cmp.Or(p.getenv("HELM_REPOSITORY_CONFIG"), helmpath.ConfigPath("repositories.yaml"))
	o.Registries = cmp.Or(p.getenv("HELM_REGISTRY_CONFIG"), helmpath.ConfigPath("registry", "config.json"))
	for _, host := range o.Hosts {
		if strings.ContainsAny(host, "/@ ") || strings.Count(host, ":") == 1 {
			return o, fault.Misuse(fmt.Errorf("--allow-host %q: want a name or an address, without scheme and port", host))
		}
	}
	for _, text := range c.StringSlice("chart-mirror") {
		m, err := supply.ParseMirror(text)
		if err != nil {
			return o, fault.Misuse(fmt.Errorf("--chart-mirror %q: %w", m.From, err)) // a password may stand behind it
		}
		o.Mirrors = append(o.Mirrors, m)
	}
	if file := c.String("ca-file"); file != "" {
		if o.Roots, err = network.Roots(file); err != nil {
			return o, fault.Misuse(fmt.Errorf("--ca-file: %w", err))
		}
	}
	return o, nil
}

// generator turns the flags of chartFlags, where a command has them, into what does the work.
func (p *program) generator(c *cli.Context) (generator.Generator, error) {
	o, err := p.parseCharts(c)
	if err != nil {
		return generator.Generator{}, err
	}
	g := p.with(o)
	if c.Bool("no-cache") {
		g.Cache, g.Kept = "", nil
	}
	return g, nil
}

// with is what does the work, with charts from these places.
func (p *program) with(o supply.Options) generator.Generator {
	bundle := schemas.Embedded()
	return generator.Generator{
		Library: generator.Library{
			Version: version, Blueprints: blueprints.FS, Records: blueprints.Records(), Policies: policies.FS, Templates: templates.FS,
			Schemas:    bundle,
			Namespaced: bundle.Namespaced, ListKeys: bundle.Keys,
		},
		Places: supply.Open(o), Cache: p.cacheDir(""), Kept: cache.OpenStore(p.cacheDir("results")), Compiled: &generator.Compiled{}, Progress: p.Progress, Note: p.Note,
	}
}

// cacheDir is a folder of ours in the user's cache; empty where there is none.
func (p *program) cacheDir(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "gitopsgen", name)
}

// renderOptions turns the flags of checkFlags into values.
func renderOptions(c *cli.Context) generator.RenderOptions {
	return generator.RenderOptions{RequireRender: c.Bool("require-render"), ShowFetched: c.Bool("show-fetched")}
}

// withCheckouts turns the flags of checkFlags, repoFlag and, where a command has it, kubeFlag into values, and reads what they name.
func withCheckouts(c *cli.Context) (o generator.RenderOptions, err error) {
	o = renderOptions(c)
	if c.IsSet("kube-version") {
		if o.Kube, err = generator.ParseKube(c.String("kube-version")); err != nil {
			return o, fault.Misuse(fmt.Errorf("--kube-version %w", err))
		}
	}
	o.Checkouts, err = generator.OpenCheckouts(c.StringSlice("repo"))
	return o, err
}

// failOn is the severity from which on findings fail the run.
func failOn(c *cli.Context) (linter.Severity, error) {
	severity, err := linter.ParseSeverity(c.String("fail-on"))
	if err != nil || severity == linter.Off {
		return severity, fault.Misuse(fmt.Errorf("--fail-on %q: want info, warning or error", c.String("fail-on")))
	}
	return severity, nil
}

// tierFlag is the flag of every command that judges by a repository which may name no tier.
func tierFlag() cli.Flag {
	return &cli.StringFlag{Name: "tier", Value: string(blueprint.Medium), Usage: "how strict to be where gitopsgen.yaml has no tier: small, medium or enterprise"}
}

// parseTier reads a flag that names a tier.
func parseTier(c *cli.Context) (blueprint.Tier, error) {
	tier, err := blueprint.ParseTier(c.String("tier"))
	if err != nil {
		return tier, fault.Misuse(fmt.Errorf("--%w", err))
	}
	return tier, nil
}

// where turns the flags of checkFlags into what does the work, and gives the directory that the argument names.
func (p *program) where(c *cli.Context) (g generator.Generator, dir string, err error) {
	if dir, err = oneArg(c, "."); err == nil {
		g, err = p.generator(c)
	}
	return g, dir, err
}

// open does what where does, and reads the repository.
func (p *program) open(c *cli.Context, tier blueprint.Tier) (g generator.Generator, r generator.Repository, err error) {
	g, dir, err := p.where(c)
	if err != nil {
		return g, r, err
	}
	at, err := p.at(c)
	if err != nil {
		return g, r, err
	}
	c.Context = snapshot.Sharing(c.Context, g.Kept)
	if c.IsSet("since") { // a hook has little to render, and would wait for them
		defer g.CompileAhead(c.Context, dir)()
	}
	r, err = g.OpenPart(c.Context, dir, at, tier)
	return g, r, err
}

// stateFlags are the flags of every command that can read another state of a repository than the work tree.
func stateFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "staged", Usage: "read what is staged, which is what will be committed, and not the work tree"},
		&cli.StringFlag{Name: "rev", Usage: "read the Git `REVISION`, and not the work tree"},
	}
}

// at turns the flags of stateFlags, where a command has them, into a value.
func (p *program) at(c *cli.Context) (snapshot.At, error) { return p.state(c, "rev") }

// state turns --staged and the flag that names a revision into a value. While git commit runs a hook it names the index.
func (p *program) state(c *cli.Context, rev string) (snapshot.At, error) {
	at := snapshot.At{Staged: c.Bool("staged"), Revision: c.String(rev)}
	switch {
	case at.Staged && c.IsSet(rev):
		return at, fault.Misuse(fmt.Errorf("--staged and --%s: want one of them", rev))
	case c.IsSet(rev) && at.Revision == "":
		return at, fault.Misuse(fmt.Errorf("--%s: want a branch, a tag or a commit", rev))
	case at.Staged:
		at.IndexFile = p.getenv("GIT_INDEX_FILE")
	}
	return at, nil
}
