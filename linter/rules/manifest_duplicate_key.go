package rules

import "github.com/gitopsgen/gitopsgen/linter"

var manifestDuplicateKey = linter.Rule{
	ID:          "manifest/duplicate-key",
	Title:       "A mapping holds a key twice",
	Description: "Remove one of the two.",
	Rationale:   "One of the values is dropped without a word, and tools differ in which one.",
	Severity:    always,
	Check:       problems("manifest/duplicate-key"),
}
