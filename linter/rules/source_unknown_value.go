package rules

import "github.com/gitopsgen/gitopsgen/linter"

var sourceUnknownValue = linter.Rule{
	ID:          "source/unknown-value",
	Title:       "A value of a chart is set that the chart does not know",
	Description: "Correct its key, or remove it: neither the chart's own values nor its schema name it, and no template reads it.",
	Rationale:   "Helm drops such a value without a word: what it was to set stays as the chart has it, limits and passwords included.",
	Severity:    linter.Severities{Small: linter.Info, Medium: linter.Warning, Enterprise: linter.Warning},
	Check:       checkUnknownValue,
}

func checkUnknownValue(v *linter.View) linter.Judgement {
	if v.Unknown == nil {
		return linter.Judgement{}
	}
	return v.Unknown()
}
