package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesRBACSubject = linter.Rule{
	ID:          "references/rbac-subject",
	Title:       "A binding grants something to a ServiceAccount that is not there",
	Description: "Name a ServiceAccount with its namespace, or remove the subject.",
	Rationale:   "Whoever needs it does not have it, and whoever may make a ServiceAccount of that name gets it.",
	Severity:    warned,
	Check:       everywhere(checkRBACSubject),
}

func checkRBACSubject(s *scene) {
	for _, r := range s.Bindings() {
		for _, subject := range cluster.Accounts(r) {
			if len(s.Find(subject.To)) > 0 {
				continue
			}
			s.lacks(r, subject.To, linter.Finding{
				Message: fmt.Sprintf("there is no ServiceAccount %q in the namespace %q%s", subject.To.Name, subject.To.Namespace, s.Meant(subject.To)), At: subject.At,
			})
		}
	}
}
