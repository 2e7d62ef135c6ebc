package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesServiceSelector = linter.Rule{
	ID:          "references/service-selector",
	Title:       "A Service selects no pods",
	Description: "Let spec.selector name labels that the pods' template has; pods that come from elsewhere stand under lint.external in gitopsgen.yaml.",
	Rationale:   "Such a Service has no endpoint: whoever asks it gets no answer.",
	Severity:    mostly,
	Check:       everywhere(checkServiceSelector),
}

func checkServiceSelector(s *scene) {
	for _, r := range s.Of("", "Service") {
		by, ok := cluster.ServiceSelector(r)
		if !ok || s.selects(r.ID.Namespace, by) {
			continue
		}
		s.lacks(r, podsOf(r.ID.Namespace), linter.Finding{
			Message: fmt.Sprintf("no pod in the namespace %q has the labels %s%s", r.ID.Namespace, by, s.Near(r.ID.Namespace, by)), At: manifest.Path{"spec", "selector"},
		})
	}
}
