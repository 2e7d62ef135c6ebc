package rules

import "github.com/gitopsgen/gitopsgen/linter"

var sourceNotRendered = linter.Rule{
	ID:          "source/not-rendered",
	Title:       "A source could not be rendered here",
	Description: "Give what it lacks, or have it judged where it can be rendered; --require-render makes it a failure.",
	Rationale:   "What is not rendered is not judged: without this finding green would mean unseen.",
	Severity:    linter.Severities{Small: linter.Info, Medium: linter.Warning, Enterprise: linter.Warning},
	Check:       problems("source/not-rendered"),
}
