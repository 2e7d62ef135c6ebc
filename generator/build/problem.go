package build

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Problem is something that Argo CD would report in place of objects.
type Problem struct {
	Kind    ProblemKind
	Place   manifest.Place
	Message string
	// Application is the name of the Application that it keeps from being rendered; may be empty.
	Application string
}

// ProblemKind is the kind of a problem.
type ProblemKind int

// The kinds of problems.
const (
	RenderFailed ProblemKind = iota
	InvalidYAML
	DuplicateKey
	// HelmNotEnabled is that of charts in a kustomization, where Argo CD does not let kustomize inflate any. They are
	// rendered all the same.
	HelmNotEnabled
)

// problemsOf are the faults of a kustomization.
func problemsOf(f kustomization.Faults) []Problem {
	all := convert(f.Unread)
	for _, p := range f.Wrong {
		all = append(all, Problem{Place: p.Place, Message: p.Message})
	}
	return all
}

func convert(found []manifest.Problem) []Problem {
	var problems []Problem
	for _, p := range found {
		kind := InvalidYAML
		if p.DuplicateKey {
			kind = DuplicateKey
		}
		problems = append(problems, Problem{Kind: kind, Place: p.Place, Message: p.Message})
	}
	return problems
}

// Keeps reports whether it keeps objects from being rendered.
func (p Problem) Keeps() bool { return p.Kind == RenderFailed || p.Kind == InvalidYAML }

func hasFailed(problems []Problem) bool { return slices.ContainsFunc(problems, Problem.Keeps) }
