// Package docs holds the pages about the rules, which the program shows examples from.
package docs

import "embed"

// Rules has a page for each category of rules, rules/<category>.md.
//
//go:embed rules/*.md
var Rules embed.FS

// Example is the line that begins the example of a rule, in its section of a page; the section ends with it.
const Example = "### Example"
