package report

import (
	"fmt"
	"strings"

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

// unrendered names the roots that are not rendered: kustomizations each with its reason, and of each other kind a few.
func (r Report) unrendered() (all []Remark) {
	names := map[string][]string{}
	reasons := map[string]string{}
	for _, root := range r.Roots {
		if root.Kind == kustomizationKind {
			all = append(all, Remark{root.State.Kind.String(), root.label() + ": " + root.State.Reason})
			continue
		}
		names[root.Kind], reasons[root.Kind] = append(names[root.Kind], root.Name), root.State.Reason
	}
	for _, kind := range []string{chartKind, jsonnetKind} {
		if of := names[kind]; len(of) > 0 {
			what := kind
			if len(of) > 1 {
				what = wording.Count(len(of), kind)
			}
			all = append(all, Remark{build.NotRendered.String(), fmt.Sprintf("%s %s: %s", what, wording.Some(of), reasons[kind])})
		}
	}
	return all
}

// alone says how many kustomizations and manifests no Application reaches; empty where there is none.
func (r Report) alone() string {
	var parts []string
	if n := r.Kustomizations; n > 0 {
		text := wording.Count(n, kustomizationKind)
		if not := r.countRoots(kustomizationKind); not > 0 {
			text += fmt.Sprintf(" (%d not rendered: policies were NOT judged there)", not)
		}
		parts = append(parts, text)
	}
	if n := r.Standalone - r.Kustomizations; n > 0 {
		parts = append(parts, wording.Count(n, "file"))
	}
	return strings.Join(parts, " and ")
}

// unreached says how many charts and Jsonnet files nothing names; empty where there is none.
func (r Report) unreached() string {
	var parts []string
	for _, kind := range []string{chartKind, jsonnetKind} {
		if n := r.countRoots(kind); n > 0 {
			parts = append(parts, wording.Count(n, kind))
		}
	}
	return strings.Join(parts, " and ")
}
