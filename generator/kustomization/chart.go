package kustomization

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Chart is an entry of helmCharts.
type Chart struct {
	types.HelmChart
	// Dir is the directory of its kustomization.
	Dir string
	// Home is the directory in which kustomize looks for the chart. OwnHome says that the kustomization names it.
	Home    string
	OwnHome bool

	// Index is its place in the list.
	Index int

	file File
}

// Charts lists the entries of helmCharts.
func (k File) Charts() []Chart {
	home, own := types.HelmDefaultHome, false
	if g := k.HelmGlobals; g != nil && g.ChartHome != "" {
		home, own = g.ChartHome, true
	}
	var all []Chart
	for i, c := range k.HelmCharts {
		all = append(all, Chart{HelmChart: c, Dir: k.Dir, Home: path.Join(k.Dir, home), OwnHome: own, file: k, Index: i})
	}
	return all
}

// Place gives the place of a field of the entry.
func (c Chart) Place(at ...any) manifest.Place {
	return c.file.Place(append([]any{"helmCharts", c.Index}, at...)...)
}

// File is the kustomization that the entry stands in.
func (c Chart) File() File { return c.file }

// Inline gives the mapping of values in the entry as it stands there; nothing where there is none.
func (c Chart) Inline() []*manifest.Document {
	if n := manifest.Field(c.file.doc, "helmCharts", c.Index, "valuesInline"); n != nil {
		return []*manifest.Document{manifest.Held(n)}
	}
	return nil
}

// Wrong says what kustomize refuses in the entry, and in which field.
func (c Chart) Wrong() (field, message string) {
	switch {
	case strings.HasPrefix(c.Name, "-"):
		return "name", fmt.Sprintf("name %q: want no - in front", c.Name)
	case strings.HasPrefix(c.ReleaseName, "-"):
		return "releaseName", fmt.Sprintf("releaseName %q: want no - in front", c.ReleaseName)
	case c.ReleaseName != "" && c.NameTemplate != "":
		return "nameTemplate", "want releaseName or nameTemplate, not both"
	}
	switch c.ValuesMerge {
	case "", "override", "merge", "replace":
		return "", ""
	}
	return "valuesMerge", fmt.Sprintf("valuesMerge %q: want override, merge or replace", c.ValuesMerge)
}
