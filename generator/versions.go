package generator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// Version is that of a component's chart, which gitopsgen.yaml says from now on.
type Version struct {
	Component string
	From, To  string
	// Path is where the spec says it.
	Path string
	// File is the kustomization that has it already; empty where it is what the blueprint has for it now.
	File string
}

// String says what is taken over.
func (v Version) String() string {
	why := fmt.Sprintf("which %s has", v.File)
	if v.File == "" {
		why = fmt.Sprintf("which comes after %s in the blueprint", v.From)
	}
	return fmt.Sprintf("%s %s, %s, is in %s now: %s", v.Component, v.To, why, blueprint.SpecFile, v.Path)
}

// takeOver puts into the spec of a platform the versions that charts have in the directory, and gives the tree that it makes then.
// What was taken over so before goes on with the blueprint, where that has a higher one.
func (g Generator) takeOver(ctx context.Context, out *Generated, have *upgrade.Existing, want tree.Tree) (tree.Tree, error) {
	made, _, err := lock.Read(want)
	if err != nil || have.Empty || len(have.Merging) > 0 || out.text.given {
		return want, err
	}
	bumps := upgrade.Bumps(*have, made)
	if len(bumps) > 0 { // the spec need not name these components
		if err := g.describeWhole(ctx, &out.Platform); err != nil {
			return want, err
		}
	}
	before := have.Lock.Bumped
	out.Versions = out.versions(before, bumps)
	have.Lock.Bumped = out.bumped(before)
	if len(out.Versions) == 0 {
		return want, nil
	}
	var settings []edit.Setting
	for _, v := range out.Versions {
		s, err := edit.Text(v.Path, v.To)
		if err != nil {
			return want, err
		}
		settings = append(settings, s)
	}
	text := out.text
	if text.Text, err = edit.Apply(text.Text, settings); err != nil {
		return want, fmt.Errorf("%s: taking over the versions of charts: %w", text.File, err)
	}
	if out.Platform, err = g.Evaluate(ctx, text); err != nil {
		return want, err
	}
	return g.tree(ctx, out.Platform, *have)
}

// pin is a version of a chart in a spec.
type pin struct {
	path, component string
	// cluster is the index of the one that it is for; -1 is all.
	cluster int
	version string
}

func newPin(cluster int, component string, params map[string]any) pin {
	p := pin{path: "components." + component + ".params.version", component: component, cluster: cluster}
	if cluster >= 0 {
		p.path = fmt.Sprintf("clusters[%d].%s", cluster, p.path)
	}
	p.version, _ = params["version"].(string)
	return p
}

// pins are those that a spec has.
func pins(s blueprint.Spec) []pin {
	var all []pin
	for name, c := range s.Components {
		all = append(all, newPin(-1, name, c.Params))
	}
	for i, cluster := range s.Clusters {
		for name, c := range cluster.Components {
			all = append(all, newPin(i, name, c.Params))
		}
	}
	return slices.DeleteFunc(all, func(p pin) bool { return p.version == "" })
}

// versions are those that the spec has to have, after those that were taken over before.
func (p Platform) versions(before map[string]string, bumps []upgrade.Bump) []Version {
	found := map[string]Version{}
	for _, pinned := range pins(p.Spec) {
		is := p.defaultVersion(pinned.component)
		if before[pinned.path] == pinned.version && upgrade.Higher(is, pinned.version) {
			found[pinned.path] = Version{Component: pinned.component, From: pinned.version, To: is, Path: pinned.path}
		}
	}
	for _, v := range p.changed(bumps) {
		if raised, ok := found[v.Path]; ok && upgrade.Higher(v.To, v.From) && upgrade.Higher(raised.To, v.To) {
			continue
		}
		found[v.Path] = v
	}
	return slices.SortedFunc(maps.Values(found), func(a, b Version) int { return strings.Compare(a.Path, b.Path) })
}

// defaultVersion is the version that the chart of a component has unless a spec says another one; empty where it has no such parameter.
func (p Platform) defaultVersion(component string) string {
	version, _ := p.can.Components[component].Defaults["version"].(string)
	return version
}

// changed are the versions that somebody changed in the directory. What is the same on all clusters is said once.
func (p Platform) changed(bumps []upgrade.Bump) []Version {
	byComponent := map[string]map[int]upgrade.Bump{}
	for _, b := range bumps {
		cluster, component, ok := layout.ComponentIn(b.Dir)
		i := slices.IndexFunc(p.Spec.Clusters, func(c blueprint.Cluster) bool { return c.Name == cluster })
		chart := func(c blueprint.Chart) bool {
			return c.Name == b.Chart && c.Version == p.defaultVersion(component)
		}
		if !ok || i < 0 || !slices.ContainsFunc(p.can.Components[component].Charts, chart) {
			continue
		}
		if byComponent[component] == nil {
			byComponent[component] = map[int]upgrade.Bump{}
		}
		byComponent[component][i] = b
	}
	var all []Version
	for component, bumps := range byComponent {
		all = append(all, p.spread(component, bumps)...)
	}
	return all
}

// spread says a component's versions for all clusters where they are the same on all, and by cluster where they are not, or where
// the spec does.
func (p Platform) spread(component string, bumps map[int]upgrade.Bump) []Version {
	var own, others []Version
	for i, cluster := range p.Blueprint.Clusters {
		if !slices.ContainsFunc(cluster.Components, func(c blueprint.Component) bool { return c.Name == component }) {
			continue
		}
		b, is := bumps[i], newPin(i, component, p.Spec.Clusters[i].Components[component].Params)
		v := Version{Component: component, From: b.From, To: b.To, Path: is.path, File: b.File}
		if is.version != "" {
			own = append(own, v)
		} else {
			others = append(others, v)
		}
	}
	differs := func(v Version) bool { return v.To != others[0].To }
	if len(others) > 0 && !slices.ContainsFunc(others, differs) {
		others = others[:1]
		others[0].Path = newPin(-1, component, nil).path
	}
	return slices.DeleteFunc(append(own, others...), func(v Version) bool { return v.To == "" })
}

// bumped are the versions in the spec that were taken over, with those that are now.
func (out *Generated) bumped(before map[string]string) map[string]string {
	after := map[string]string{}
	for _, pinned := range pins(out.Spec) {
		if before[pinned.path] == pinned.version {
			after[pinned.path] = pinned.version
		}
	}
	for _, v := range out.Versions {
		if delete(after, v.Path); upgrade.Higher(v.To, v.From) { // who goes back has a reason
			after[v.Path] = v.To
		}
	}
	return after
}
