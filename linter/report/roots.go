package report

import (
	"fmt"

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

// unrendered names the roots that are not rendered: kustomizations and charts each with its reason, and of Jsonnet files a few for
// each reason.
func (r Report) unrendered() (all []Remark) {
	files := map[string][]string{}
	var reasons []string
	for _, root := range r.Roots {
		if root.Kind != jsonnetKind {
			all = append(all, Remark{root.State.Kind.String(), root.label() + ": " + root.State.Reason})
			continue
		}
		reason := root.State.Reason
		if files[reason] = append(files[reason], root.Name); len(files[reason]) == 1 {
			reasons = append(reasons, reason)
		}
	}
	for _, reason := range reasons {
		what := jsonnetKind
		if n := len(files[reason]); n > 1 {
			what = wording.Count(n, jsonnetKind)
		}
		all = append(all, Remark{build.NotRendered.String(), fmt.Sprintf("%s %s: %s", what, wording.Some(files[reason]), reason)})
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
