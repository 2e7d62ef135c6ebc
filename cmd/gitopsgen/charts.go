package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"helm.sh/helm/v4/pkg/helmpath"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// chartOptions are the flags that decide where charts come from.
type chartOptions struct {
	// mirrors begin with the one that stands for the longest part of a URL.
	mirrors []chartMirror
	roots   *x509.CertPool
	// hosts are asked though they be this machine, or on its link.
	hosts   []string
	offline bool
	// fresh leaves the cache out, as long as the network may be used: what publishers have now counts.
	fresh bool
}

// chartMirror is one --chart-mirror; url says that to is no folder.
type chartMirror struct {
	from, to string
	url      bool
}

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

// parseCharts turns the flags of chartFlags into values.
func parseCharts(c *cli.Context) (o chartOptions, err error) {
	o.offline, o.hosts = c.Bool("offline"), c.StringSlice("allow-host")
	for _, host := range o.hosts {
		if strings.ContainsAny(host, "/@ ") || strings.Count(host, ":") == 1 {
			return o, usageError{fmt.Errorf("--allow-host %q: want a name or an address, without scheme and port", host)}
		}
	}
	for _, text := range c.StringSlice("chart-mirror") {
		m, err := parseMirror(text)
		if err != nil {
			return o, usageError{fmt.Errorf("--chart-mirror %q: %w", m.from, err)} // a password may stand behind it
		}
		o.mirrors = append(o.mirrors, m)
		o.hosts = append(o.hosts, blueprint.Mirror{Charts: map[string]string{m.from: m.to}}.Hosts()...)
	}
	slices.SortStableFunc(o.mirrors, func(a, b chartMirror) int { return cmp.Compare(len(b.from), len(a.from)) })
	if file := c.String("ca-file"); file != "" {
		if o.roots, err = chart.Roots(file); err != nil {
			return o, usageError{fmt.Errorf("--ca-file: %w", err)}
		}
	}
	return o, nil
}

func parseMirror(text string) (m chartMirror, err error) {
	var ok bool
	m.from, m.to, ok = strings.Cut(text, "=")
	if u, err := url.Parse(m.from); !ok || err != nil || u.Host == "" {
		return m, fmt.Errorf("want FROM=TO, such as https://charts.example.org=./charts")
	}
	if scheme, _, found := strings.Cut(m.to, "://"); found {
		if u, err := url.Parse(m.to); err != nil || u.Host == "" || !slices.Contains([]string{"https", "http", "oci"}, scheme) {
			return m, fmt.Errorf("want a folder, or a URL that begins with https, http or oci, behind the =")
		}
		m.url = true
		return m, nil
	}
	if info, err := os.Stat(m.to); err != nil || !info.IsDir() {
		return m, fmt.Errorf("%s is no directory", m.to)
	}
	return m, nil
}

// chartPlaces are where charts come from that a repository does not hold, in order: the cache, mirrors, the network. The
// network is nil where it may not be used.
func (p *program) chartPlaces(o chartOptions) ([]render.Charts, *chart.Network) {
	cache := chart.Cache{Dir: p.cacheDir("charts")}
	places := o.mirrored([]render.Charts{cache}, cache.Chart)
	switch {
	case o.offline:
		return append(places, chart.Nowhere{}), nil
	case o.fresh:
		places = nil
	}
	network := chart.NewNetwork(chart.Options{
		Cache: cache, Roots: o.roots, Hosts: o.hosts,
		Repositories: cmp.Or(p.getenv("HELM_REPOSITORY_CONFIG"), helmpath.ConfigPath("repositories.yaml")),
		Registries:   cmp.Or(p.getenv("HELM_REGISTRY_CONFIG"), helmpath.ConfigPath("registry", "config.json")),
	})
	return append(o.mirrored(places, network.Chart), network), network
}

// allowMirrors has the network ask the mirrors that a repository's spec names, wherever they are. A nil network asks nobody.
func allowMirrors(network *chart.Network, t tree.Tree) error {
	f, ok := t.File(blueprint.SpecFile)
	if !ok || network == nil {
		return nil
	}
	doc, err := blueprint.Read(blueprint.SpecFile, f.Data)
	if err != nil {
		return err
	}
	network.Allow(doc.Spec.Registries.Mirror.Hosts()...)
	return nil
}

// mirrored adds the mirrors to places; those that are URLs are asked by means of ask.
func (o chartOptions) mirrored(places []render.Charts, ask func(context.Context, chart.Ref) (chart.Chart, error)) []render.Charts {
	for _, m := range o.mirrors {
		if m.url {
			places = append(places, chart.Mirror{From: m.from, To: m.to, Ask: ask})
		} else {
			places = append(places, chart.Folder{From: m.from, FS: os.DirFS(m.to)})
		}
	}
	return places
}
