package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var projectDestinationDenied = linter.Rule{
	ID:          "project/destination-denied",
	Title:       "A project does not permit a namespace that an Application puts objects into",
	Description: "Add the cluster and the namespace to destinations of the AppProject, or put the objects where it permits.",
	Rationale:   "Argo CD takes an Application with such a destination for invalid, and fails the sync of one that brings such objects.",
	Severity:    always,
	Check:       checkDestinationDenied,
}

func checkDestinationDenied(v *linter.View) linter.Judgement {
	all, not := members(v)
	out := linter.Judgement{NotJudged: not}
	for _, m := range all {
		own := m.Spec.Destination
		denied, known := m.denies(own.Namespace)
		if !known {
			out.NotJudged = append(out.NotJudged, linter.NotJudged{
				Reason: fmt.Sprintf("Application %s and its project %q name the cluster in two ways, and only Argo CD knows whether it is the same", m.ID.Name, projectOf(m.Application)),
			})
			continue
		}
		if denied {
			out.Findings = append(out.Findings, m.deniedDestination(group{first: m.resource}))
		}
		strays := grouped(m.Objects, func(id manifest.ID) (string, bool) {
			return id.Namespace, id.Namespace != "" && id.Namespace != own.Namespace && !ofArgoCD(id)
		})
		for _, g := range strays {
			if denied, known := m.denies(g.first.ID.Namespace); denied && known {
				out.Findings = append(out.Findings, m.deniedDestination(g))
			}
		}
	}
	return out
}

// deniedDestination is the finding about objects of the Application that would stand where it may put none, or about the
// Application itself.
func (m member) deniedDestination(g group) linter.Finding {
	d := m.Spec.Destination
	f := linter.Finding{At: d.At, Related: m.related(g.first, "destinations")}
	if g.first != m.resource {
		d.Namespace, f.At = g.first.ID.Namespace, manifest.Path{"metadata", "namespace"}
	}
	f.Message = fmt.Sprintf("project %q does not permit the namespace %q of the cluster %s", projectOf(m.Application), d.Namespace, d.Server+d.Name)
	if g.first != m.resource {
		f.Message += ": " + g.these("stands", "stand") + " there"
	}
	return f.About(g.first)
}
