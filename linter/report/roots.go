package report

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

const (
	kustomizationKind = "kustomization"
	chartKind         = "chart"
	jsonnetKind       = "Jsonnet file"
)

func (r Root) label() string { return r.Kind + " " + r.Name }

// countRoots counts the roots of a kind that are not rendered.
func (r Report) countRoots(kind string) int {
	n := 0
	for _, root := range r.Roots {
		if root.Kind == kind {
			n++
		}
	}
	return n
}

// unrendered names what is not rendered, or not here: a few of each kind for each reason.
func (r Report) unrendered() (all []Remark) {
	type group struct{ what, kind, reason string }
	names := map[group][]string{}
	var groups []group
	add := func(kind string, of Application) {
		g := group{of.State.Kind.String(), kind, of.State.Reason}
		if names[g] == nil {
			groups = append(groups, g)
		}
		if !slices.Contains(names[g], of.Name) {
			names[g] = append(names[g], of.Name)
		}
	}
	for _, a := range r.Applications {
		if a.State.Missing() || a.State.Kind == build.Elsewhere {
			add("", a)
		}
	}
	for _, root := range r.Roots {
		add(root.Kind, root.Application)
	}
	for _, g := range groups {
		of := wording.Some(names[g])
		if n := len(names[g]); g.kind != "" && n > 1 {
			of = wording.Count(n, g.kind) + " " + of
		} else if g.kind != "" {
			of = g.kind + " " + of
		}
		all = append(all, Remark{g.what, of + ": " + g.reason})
	}
	return all
}

// alone says how many kustomizations, charts and manifests no Application reaches; empty where there is none.
func (r Report) alone() string {
	var parts []string
	for _, of := range []struct {
		kind string
		n    int
	}{{kustomizationKind, r.Kustomizations}, {chartKind, r.Charts}} {
		if of.n == 0 {
			continue
		}
		text := wording.Count(of.n, of.kind)
		if not := r.countRoots(of.kind); not > 0 {
			text += fmt.Sprintf(" (%d not rendered: policies were NOT judged there)", not)
		}
		parts = append(parts, text)
	}
	if n := r.Standalone - r.Kustomizations - r.Charts; n > 0 {
		parts = append(parts, wording.Count(n, "file"))
	}
	return wording.All(parts)
}

// unreached says how many Jsonnet files nothing names; empty where there is none.
func (r Report) unreached() string {
	if n := r.countRoots(jsonnetKind); n > 0 {
		return wording.Count(n, jsonnetKind)
	}
	return ""
}
