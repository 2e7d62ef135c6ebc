package render

import (
	"path"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// ChartEntry is an entry of helmCharts in a kustomization.
type ChartEntry struct {
	Ref chart.Ref
	// Place is where the entry stands, in the file of the kustomization.
	Place manifest.Place
	// Home is the directory in which kustomize looks for the chart. OwnHome says that the kustomization names it.
	Home    string
	OwnHome bool
	// ReadsValues says that kustomize reads the chart's own values, and so wants Home below the kustomization.
	ReadsValues bool
}

// ChartEntries lists the charts of all kustomizations in t, and what keeps kustomizations from being read.
func ChartEntries(t tree.Tree) ([]ChartEntry, []Problem) {
	r := unparsed(t)
	var all []ChartEntry
	var wrong []Problem
	for _, p := range r.paths {
		if !isKustomization(p) {
			continue
		}
		k, problems := r.readKustomization(path.Dir(p))
		if hasFailed(problems) {
			wrong = append(wrong, problems...)
			continue
		}
		for i, c := range k.HelmCharts {
			home, own := types.HelmDefaultHome, false
			if g := k.HelmGlobals; g != nil && g.ChartHome != "" {
				home, own = g.ChartHome, true
			}
			all = append(all, ChartEntry{
				Ref: chart.Ref{Repo: c.Repo, Name: c.Name, Version: c.Version}, Place: k.place("helmCharts", i),
				Home: path.Join(k.dir, home), OwnHome: own,
				ReadsValues: c.ValuesFile == "" && (c.ValuesMerge != "replace" || len(c.ValuesInline) == 0),
			})
		}
	}
	return all, wrong
}
