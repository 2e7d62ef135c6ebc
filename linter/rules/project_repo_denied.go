package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/linter"
)

var projectRepoDenied = linter.Rule{
	ID:          "project/repo-denied",
	Title:       "A project does not permit the repository of an Application",
	Description: "Add the repository to sourceRepos of the AppProject, or name one that is there.",
	Rationale:   "Argo CD takes the Application for invalid and syncs nothing of it.",
	Severity:    always,
	Check:       checkRepoDenied,
}

func checkRepoDenied(v *linter.View) linter.Judgement {
	all, not := members(v)
	out := linter.Judgement{NotJudged: not}
	for _, m := range all {
		for _, s := range m.Spec.Sources() {
			if s.RepoURL == "" || !m.none(func(p linter.Project) bool { return p.PermitsSource(s.RepoURL) }) {
				continue
			}
			out.Findings = append(out.Findings, linter.Finding{
				Message: fmt.Sprintf("project %q does not permit the repository %s", projectOf(m.Application), chart.Location(s.RepoURL)), At: s.At.With("repoURL"),
				Related: m.related(m.resource, "sourceRepos"),
			}.About(m.resource))
		}
	}
	return out
}
