// Package wording makes the small pieces of sentences that messages share.
package wording

import (
	"fmt"
	"math"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Count writes a number of things, named in the singular: 1 file, 2 files.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Some names a few of many, and counts the others.
func Some(names []string) string {
	const named = 3
	if more := len(names) - named; more > 1 {
		return fmt.Sprintf("%s and %d others", strings.Join(names[:named], ", "), more)
	}
	return strings.Join(names, ", ")
}

// Either lists names with "or" before the last.
func Either(names []string) string { return join(names, " or ") }

// All lists names with "and" before the last.
func All(names []string) string { return join(names, " and ") }

func join(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + last + names[len(names)-1]
}

// DidYouMean gives ` (did you mean "x"?)` for the name that is nearest to a misspelt one, and nothing where none is
// near.
func DidYouMean(misspelt string, names []string) string {
	best, least := "", math.MaxInt
	for _, name := range names {
		d := levenshtein.ComputeDistance(strings.ToLower(misspelt), strings.ToLower(name))
		if d < least {
			best, least = name, d
		}
	}
	if least > max(1, min(3, len(misspelt)/2)) {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
