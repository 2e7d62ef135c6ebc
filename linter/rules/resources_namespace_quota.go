package rules

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var resourcesNamespaceQuota = linter.Rule{
	ID:          "resources/namespace-quota",
	Title:       "A namespace has no ResourceQuota or no LimitRange",
	Description: "Give the namespace a ResourceQuota that bounds what it takes, and a LimitRange with defaults for containers.",
	Rationale:   "One namespace can take all nodes from the others.",
	Severity:    linter.Severities{Medium: linter.Info, Enterprise: linter.Warning},
	Check:       deployed(checkNamespaceQuota),
}

func checkNamespaceQuota(s *scene) {
	for _, r := range s.Of("", "Namespace") {
		if cluster.Foreign(r.ID.Name) || len(s.PodsIn(r.ID.Name)) == 0 {
			continue
		}
		var lacking []string
		for _, what := range []string{"ResourceQuota", "LimitRange"} {
			if !s.HasOne("", what, r.ID.Name) {
				lacking = append(lacking, what)
			}
		}
		if len(lacking) > 0 {
			s.lacks(r, manifest.ID{Version: "v1", Kind: lacking[0], Namespace: r.ID.Name}, linter.Finding{
				Message: fmt.Sprintf("namespace %q has no %s", r.ID.Name, strings.Join(lacking, " and no ")), At: manifest.Path{"metadata", "name"},
			})
		}
	}
}
