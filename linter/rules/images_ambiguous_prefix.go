package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/linter"
)

var imagesAmbiguousPrefix = linter.Rule{
	ID:          "images/ambiguous-prefix",
	Title:       "A trusted registry is named without a slash at its end",
	Description: "End the entry with a slash where it means all below it, as ghcr.io/ and quay.io/acme/ do; without one it names a repository.",
	Rationale:   "Other tools compare the beginning of the name: to them ghcr.io trusts ghcr.io.example.net, too, and quay.io/acme whoever calls himself acme-something.",
	Severity:    mostly,
	Check:       checkAmbiguousPrefix,
}

// prefix is an entry that means all below it: a host, or the name of an owner there. Of docker.io one that has a single name
// behind it is a repository.
var prefix = regexp.MustCompile(`^([^/]*[.:][^/]*|localhost)(/[^/:@]+)?$`)

func checkAmbiguousPrefix(v *linter.View) linter.Judgement {
	const rule, param = "images/trusted-registries", "trusted"
	var out linter.Judgement
	f, _ := v.Tree.File(blueprint.SpecFile)
	doc, err := blueprint.Read(f.Path, f.Data)
	if err != nil { // then nothing is judged at all
		return out
	}
	entries, _ := doc.Spec.Lint.Params[rule][param].([]any)
	for i, entry := range entries {
		name, _ := entry.(string)
		if prefix.MatchString(name) && !strings.HasPrefix(name, "docker.io/") {
			out.Findings = append(out.Findings, linter.Finding{
				Place: doc.Place("lint", "params", rule, param, i), Message: fmt.Sprintf("%q means all below it, and does not end with a slash", name),
			})
		}
	}
	return out
}
