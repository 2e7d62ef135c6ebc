package layout

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// repository is a Git repository that Argo CD reads.
type repository struct {
	URL string
	// Secret is the name of the Secret with its credentials.
	Secret string
	// SSH says that it is read with a key, not with a password.
	SSH bool
}

// repositories are this repository, the teams' own and those of workloads, each once.
func repositories(spec blueprint.Spec) []repository {
	var all []repository
	add := func(url, secret string) {
		if !slices.ContainsFunc(all, func(r repository) bool { return r.URL == url }) {
			all = append(all, repository{url, secret, strings.HasPrefix(url, "ssh://") || !strings.Contains(url, "://")})
		}
	}
	add(spec.Repository.URL, "repository")
	for _, t := range spec.Teams {
		if t.Apps != nil {
			add(t.Apps.RepoURL, "repository-"+t.Name)
		}
	}
	for _, w := range spec.Workloads {
		if w.RepoURL != "" {
			add(w.RepoURL, "repository-workload-"+w.Name)
		}
	}
	return all
}

// said is what components have to say, cluster by cluster, in the order in which they come. What several say alike stands once.
func said(b blueprint.Blueprint, of func(blueprint.Component) string) []string {
	var all []string
	for _, platform := range b.Clusters {
		components := slices.Clone(platform.Components)
		slices.SortStableFunc(components, func(a, b blueprint.Component) int { return a.Wave - b.Wave })
		for _, c := range components {
			if text := strings.TrimSpace(of(c)); text != "" && !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

// pattern names files to Git: what they are, or what is to be done with them.
type pattern struct{ Pattern, What string }

// patterns are those of all components, each once.
func patterns(b blueprint.Blueprint, of func(blueprint.Component) map[string]string) []pattern {
	var all []pattern
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			named := of(c)
			for _, name := range slices.Sorted(maps.Keys(named)) {
				if one := (pattern{name, named[name]}); !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// page is a name in the DNS, and the component whose page is there.
type page struct{ Cluster, Host, Component string }

func pages(b blueprint.Blueprint) []page {
	var all []page
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			for _, host := range c.Hosts {
				all = append(all, page{platform.Name, host, c.Name})
			}
		}
	}
	return all
}

// group is a component and those that come along with it, sorted, as far as they have charts.
type group struct {
	Name       string
	Components []string
}

// groups are those of two or more, sorted by name.
func groups(b blueprint.Blueprint) []group {
	with := map[string][]string{}
	for _, platform := range b.Clusters {
		charted := func(name string) bool {
			return slices.ContainsFunc(platform.Components, func(c blueprint.Component) bool { return c.Name == name && len(c.Charts) > 0 })
		}
		for _, c := range platform.Components {
			if len(c.With) == 0 {
				continue
			}
			for _, name := range append([]string{c.Name}, c.With...) {
				if charted(name) && !slices.Contains(with[c.Name], name) {
					with[c.Name] = append(with[c.Name], name)
				}
			}
		}
	}
	var all []group
	for name, components := range with {
		if len(components) > 1 {
			slices.Sort(components)
			all = append(all, group{name, components})
		}
	}
	slices.SortFunc(all, func(a, b group) int { return strings.Compare(a.Name, b.Name) })
	return all
}
