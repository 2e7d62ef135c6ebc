package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var referencesServiceAccount = linter.Rule{
	ID:          "references/service-account",
	Title:       "The ServiceAccount of a pod is not there",
	Description: "Name a ServiceAccount of the pod's own namespace, or add it.",
	Rationale:   "The API server refuses every pod of the workload.",
	Severity:    always,
	Check:       everywhere(checkServiceAccount),
}

func checkServiceAccount(s *scene) {
	for _, p := range s.Pods() {
		name, at := p.ServiceAccount()
		to := manifest.ID{Version: "v1", Kind: "ServiceAccount", Namespace: p.Maker.ID.Namespace, Name: name}
		if name == "" || name == "default" || len(s.Find(to)) > 0 {
			continue
		}
		s.lacks(p.Maker, to, linter.Finding{
			Message: fmt.Sprintf("there is no ServiceAccount %q in the namespace %q%s", name, to.Namespace, s.Meant(to)), At: at,
		})
	}
}
