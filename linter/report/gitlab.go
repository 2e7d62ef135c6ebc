package report

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/linter"
)

// gitLabIssue is one entry of a report of GitLab's Code Quality.
type gitLabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path  string      `json:"path"`
	Lines gitLabLines `json:"lines"`
}

type gitLabLines struct {
	Begin int `json:"begin"`
}

// gitLabSeverities leaves out blocker and major: nothing here says that a finding weighs more than another of its severity.
var gitLabSeverities = map[linter.Severity]string{linter.Error: "critical", linter.Warning: "minor", linter.Info: "info"}

// writeGitLab writes the findings for GitLab's Code Quality, which has no place for anything else.
func writeGitLab(w *escape.Writer, r Report) error {
	issues := []gitLabIssue{}
	seen := map[string]int{}
	for _, f := range r.Findings {
		at, text := r.at(f.Place), f.Message
		if about := about(f); about != "" {
			text += " (" + about + ")"
		}
		issues = append(issues, gitLabIssue{
			Description: text, Check: f.Rule, Fingerprint: each(seen, f.Fingerprint(), "%s-%d"), Severity: gitLabSeverities[f.Severity],
			Location: gitLabLocation{at.File, gitLabLines{max(1, at.Line)}},
		})
	}
	return escape.JSON(w, issues)
}

// each makes a name that was given before another one: readers keep one thing of each name.
func each(seen map[string]int, name, again string) string {
	seen[name]++
	if n := seen[name]; n > 1 {
		return fmt.Sprintf(again, name, n)
	}
	return name
}
