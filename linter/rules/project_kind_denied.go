package rules

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var projectKindDenied = linter.Rule{
	ID:          "project/kind-denied",
	Title:       "A project does not permit a kind that an Application brings",
	Description: "Permit the kind in the lists of the AppProject, or leave the object out.",
	Rationale:   "Argo CD fails the sync: nothing of the Application is applied.",
	Severity:    always,
	Check:       checkKindDenied,
}

func checkKindDenied(v *linter.View) linter.Judgement {
	all, not := members(v)
	out := linter.Judgement{NotJudged: not}
	for _, m := range all {
		out.Findings = append(out.Findings, m.deniedKinds(v, func(id manifest.ID) bool { return !ofArgoCD(id) })...)
		if f, ok := m.deniedNamespace(v); ok {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// deniedKinds gives one finding for each kind of the Application's objects that is denied.
func (m member) deniedKinds(v *linter.View, asked func(manifest.ID) bool) []linter.Finding {
	type kind struct{ group, kind string }
	var findings []linter.Finding
	for _, g := range grouped(m.Objects, func(id manifest.ID) (kind, bool) {
		return kind{id.Group, id.Kind}, asked(id) && m.deniesKind(v, id)
	}) {
		id, field := g.first.ID, "clusterResourceWhitelist"
		if namespaced, known := v.Scope(id.Group, id.Kind); namespaced || !known {
			field = "namespaceResourceBlacklist"
			if m.projects[0].Spec.NamespaceResourceWhitelist != nil {
				field = "namespaceResourceWhitelist"
			}
		}
		findings = append(findings, linter.Finding{
			Message: fmt.Sprintf("project %q does not permit the kind %s%s: %s of it", projectOf(m.Application), id.Kind, ofGroup(id.Group), g.these("is", "are")),
			At:      manifest.Path{"kind"}, Related: m.related(g.first, field),
		}.About(g.first))
	}
	return findings
}

func ofGroup(group string) string {
	if group == "" {
		return ""
	}
	return " of " + group
}

// builtIn are the namespaces that are always there.
var builtIn = []string{"default", "kube-node-lease", "kube-public", "kube-system"}

// deniedNamespace is the finding about a namespace that an option of the Application makes, unless it may be there already.
func (m member) deniedNamespace(v *linter.View) (f linter.Finding, ok bool) {
	p, name := m.Spec.SyncPolicy, m.Spec.Destination.Namespace
	if p == nil || name == "" || !p.SyncOptions.Has("CreateNamespace=true") || slices.Contains(builtIn, name) {
		return f, false
	}
	id := manifest.ID{Version: "v1", Kind: "Namespace", Name: name}
	if len(v.Objects(m.Cluster, id)) > 0 || len(v.Incomplete()) > 0 || !m.deniesKind(v, id) {
		return f, false
	}
	return linter.Finding{
		Message: fmt.Sprintf("project %q does not permit the kind Namespace, and CreateNamespace=true would make the namespace %q", projectOf(m.Application), name),
		At:      manifest.Path{"spec", "syncPolicy", "syncOptions"}, Related: m.related(m.resource, "clusterResourceWhitelist"),
	}.About(m.resource), true
}
