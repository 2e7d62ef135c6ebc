package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesNetworkPolicySelector = linter.Rule{
	ID:          "references/network-policy-selector",
	Title:       "A NetworkPolicy selects no pods",
	Description: "Let the selector name labels that the pods' template has; pods that come from elsewhere stand under lint.external in gitopsgen.yaml.",
	Rationale:   "Such a policy protects nothing, and a peer that no pod is lets nobody in.",
	Severity:    warned,
	Check:       everywhere(checkNetworkPolicySelector),
}

func checkNetworkPolicySelector(s *scene) {
	for _, r := range s.Of("networking.k8s.io", "NetworkPolicy") {
		at := manifest.Path{"spec", "podSelector"}
		by, ok := cluster.Selector(manifest.Dig(r.Object, at...))
		if !ok || !cluster.Known(r, at...) {
			continue
		}
		if !by.Empty() && !s.selects(r.ID.Namespace, by) {
			s.lacks(r, podsOf(r.ID.Namespace), linter.Finding{
				Message: fmt.Sprintf("no pod in the namespace %q is selected by %s%s", r.ID.Namespace, by, s.Near(r.ID.Namespace, by)), At: at,
			})
		}
		s.peers(r)
	}
}

// peers tells of peers of the policy's own namespace whose labels no pod has. Labels that no pod there has at all are for those who
// are yet to come.
func (s *scene) peers(r *manifest.Resource) {
	for _, p := range cluster.Peers(r) {
		by, ok := cluster.Selector(manifest.Dig(r.Object, p...))
		if near := ""; ok && !by.Empty() && !s.selects(r.ID.Namespace, by) {
			if near = s.Near(r.ID.Namespace, by); near == "" {
				continue
			}
			s.lacks(r, podsOf(r.ID.Namespace), linter.Finding{
				Message: fmt.Sprintf("no pod in the namespace %q is the peer %s%s", r.ID.Namespace, by, near), At: p,
			})
		}
	}
}
