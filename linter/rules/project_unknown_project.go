package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

var projectUnknownProject = linter.Rule{
	ID:          "project/unknown-project",
	Title:       "The project of an Application does not exist",
	Description: "Name an AppProject that this repository brings to the same Argo CD, or add it.",
	Rationale:   "Argo CD takes the Application for invalid and syncs nothing of it.",
	Severity:    always,
	Check:       checkUnknownProject,
}

func checkUnknownProject(v *linter.View) linter.Judgement {
	var out linter.Judgement
	var unsure []string
	for _, a := range v.Applications() {
		name := projectOf(&a)
		if name == defaultProject || len(a.Problems) > 0 || len(v.Projects(name, a.Origin.Cluster)) > 0 {
			continue
		}
		known := v.ProjectNames()
		switch lacking := v.Incomplete(); {
		case len(lacking) > 0:
			unsure = append(unsure, a.ID.Name)
		case len(known) == 0:
			out.NotJudged = []linter.NotJudged{{Reason: "no AppProject stands in this repository"}}
			return out
		default:
			out.Findings = append(out.Findings, linter.Finding{
				Message: fmt.Sprintf("there is no project %q%s", name, wording.DidYouMean(name, known)), At: manifest.Path{"spec", "project"},
			}.About(&a.Resource))
		}
	}
	if len(unsure) > 0 {
		out.NotJudged = append(out.NotJudged, linter.NotJudged{
			Reason: fmt.Sprintf("the projects of %s may be in what was not rendered: %s", wording.Some(unsure), wording.Some(v.Incomplete())),
		})
	}
	return out
}
