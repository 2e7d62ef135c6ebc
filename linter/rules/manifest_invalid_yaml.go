package rules

import "github.com/gitopsgen/gitopsgen/linter"

var manifestInvalidYAML = linter.Rule{
	ID:          "manifest/invalid-yaml",
	Title:       "A file that is read does not parse",
	Description: "Mend the YAML at the line given; the cause may be on the line before.",
	Rationale:   "Argo CD reports such a file as an error of the whole Application, or passes over it in silence.",
	Severity:    always,
	Check:       problems("manifest/invalid-yaml"),
}
