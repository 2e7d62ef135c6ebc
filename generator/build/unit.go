package build

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/jsonnet"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// Unit is all that decides what a source renders to, and where it is named.
type Unit struct {
	Kind UnitKind
	// Dir is the directory of manifests or of a kustomization, or the one in which kustomize looks for a chart. OwnHome says
	// that the kustomization names this one.
	Dir     string
	OwnHome bool
	// Place is where the unit is named.
	Place manifest.Place
	// Chart is the chart, and Release what it is told but for its values. These are Layers, the lowest first.
	Chart   chart.Ref
	Release helm.Release
	Layers  []values.Layer
	// Manifests says which files of a directory count, and Jsonnet what Jsonnet among them is given.
	Manifests argocd.Directory
	Jsonnet   jsonnet.Arguments
	// Edits are what is written into a kustomization before it is built.
	Edits kustomization.Edits
	// Missing says what becomes of values files that are not there.
	Missing source.Missing

	// defaults are the chart's own values where they stand in this repository.
	defaults []values.Layer
}

// UnitKind is the kind of a unit.
type UnitKind int

// The kinds of units.
const (
	Kustomization UnitKind = iota
	Directory
	// RecursiveDirectory has the directories below it, too.
	RecursiveDirectory
	// Chart is one of a kustomization, which builds it, and Helm one of an Application: in Dir, or, where Chart has a
	// repository, of that.
	Chart
	Helm
	// Jsonnet is the file at Dir, by itself.
	Jsonnet
)

// What Helm and Argo CD take where nothing else is said.
const (
	defaultKubeVersion = "1.36.0"
	defaultRelease     = "release-name"
	defaultNamespace   = "default"
)

// ReadsValues reports whether kustomize reads the chart's own values, and so wants it below the kustomization.
func (u Unit) ReadsValues() bool { return len(u.Layers) > 0 && u.Layers[0].Own }

// digest is that of all that decides what the chart of the unit renders to, given the digest of its files.
func (u Unit) digest(content string) (string, error) {
	decides, err := json.Marshal([]any{content, u.Release, u.Layers, u.Kind == Helm})
	return fmt.Sprintf("%x", sha256.Sum256(decides)), err
}

// rest is what decides the output of a unit besides its directory: what an Application says of it.
func (u Unit) rest() string {
	type layer struct {
		Name string
		values.Layer
	}
	layers := make([]layer, len(u.Layers))
	for i, l := range u.Layers {
		layers[i] = layer{l.Name, l}
	}
	text, err := json.Marshal([]any{u.Chart, u.Release, layers, u.Missing, u.Manifests, u.Jsonnet, u.Edits})
	if err != nil { // a value that no JSON has stands in no object
		return err.Error()
	}
	return string(text)
}

// Key tells units that are built apart from each other. Those to which an Application says something have places of their own.
func (u Unit) Key() string { return fmt.Sprintf("%d %s %s %s", u.Kind, u.Dir, u.Place, u.rest()) }

// Label is how messages name the chart of an Application.
func (u Unit) Label() string {
	if u.Chart.Repo != "" {
		return "chart " + chart.Ref{Name: u.Chart.Name, Version: u.Chart.Version}.String()
	}
	return "chart in " + u.Dir
}

// Units lists the charts of all kustomizations in t, whose values are named and not read, and what keeps kustomizations from
// being read.
func Units(t tree.Tree) ([]Unit, []Problem) {
	return unitsOf(&kustomization.Reader{}, t, chartsIn(t).beside(t))
}

// unitsOf lists those of the kustomizations among some files.
func unitsOf(read *kustomization.Reader, t tree.Tree, paths []string) ([]Unit, []Problem) {
	var all []Unit
	var wrong []Problem
	for _, p := range paths {
		if !kustomization.IsFile(p) {
			continue
		}
		k, faults := read.Read(t, path.Dir(p))
		if faults.Fatal() {
			wrong = append(wrong, problemsOf(faults)...)
			continue
		}
		for _, c := range k.Charts() {
			all = append(all, newUnit(kustomize.Chart{Chart: c}))
		}
	}
	return all, wrong
}

// newUnit is the unit of an entry of helmCharts. Its values are not read yet.
func newUnit(c kustomize.Chart) Unit {
	return Unit{
		Kind: Chart, Dir: c.Home, OwnHome: c.OwnHome, Place: c.Place(), Chart: chart.Ref{Repo: c.Repo, Name: c.Name, Version: c.Version},
		Release: helm.Release{
			Name: cmp.Or(c.ReleaseName, defaultRelease), Namespace: cmp.Or(c.Namespace, c.Within(), defaultNamespace),
			KubeVersion: c.KubeVersion, APIVersions: c.ApiVersions, IncludeCRDs: c.IncludeCRDs, SkipHooks: c.SkipHooks, SkipTests: c.SkipTests,
		},
		Layers: layersOf(c),
	}
}

// layersOf are the layers of values of an entry: a file or the chart's own values, those in the entry, more files.
func layersOf(c kustomize.Chart) []values.Layer {
	var layers []values.Layer
	rule := map[string]values.Rule{"merge": values.Under, "replace": values.Instead}[c.ValuesMerge]
	switch {
	case c.ValuesFile != "":
		layers = append(layers, values.Layer{Name: c.ValuesFile, At: c.Place("valuesFile")})
	case rule != values.Instead || len(c.ValuesInline) == 0:
		layers = append(layers, values.Layer{Own: true, At: c.Place()})
	}
	if len(c.ValuesInline) > 0 {
		layers = append(layers, values.Layer{
			Inline: c.ValuesInline, Rule: rule, At: c.Place("valuesInline"), File: c.File().Path, Docs: c.Inline(),
		})
	}
	for i, name := range c.AdditionalValuesFiles {
		layers = append(layers, values.Layer{Name: name, Rule: values.OverAsHelm, At: c.Place("additionalValuesFiles", i)})
	}
	return layers
}
