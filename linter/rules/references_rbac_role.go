package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesRBACRole = linter.Rule{
	ID:          "references/rbac-role",
	Title:       "A binding grants a role that is not there",
	Description: "Name a Role of the binding's own namespace or a ClusterRole in roleRef, or add it.",
	Rationale:   "The binding grants nothing, and whoever makes such a role later decides what it grants.",
	Severity:    mostly,
	Check:       everywhere(checkRBACRole),
}

func checkRBACRole(s *scene) {
	for _, r := range s.Bindings() {
		to, ok := cluster.RoleOf(r)
		if !ok || len(s.Find(to)) > 0 {
			continue
		}
		s.lacks(r, to, linter.Finding{
			Message: fmt.Sprintf("there is no %s%s", to, s.Meant(to)), At: manifest.Path{"roleRef", "name"},
		})
	}
}
