package source

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"
)

// revision begins the names of the variables that hold a commit, which nobody knows before it is made.
const revision = "ARGOCD_APP_REVISION"

// Substitute puts Argo CD's build environment into a text. What it does not know it takes for nothing, as Argo CD does; variables
// that hold a commit stay as they are, and are noted.
func (r *Request) Substitute(text string) string {
	known := map[string]string{
		"ARGOCD_APP_NAME": r.Application.ID.Name, "ARGOCD_APP_NAMESPACE": r.Application.Spec.Destination.Namespace,
		"ARGOCD_APP_PROJECT_NAME":    cmp.Or(r.Application.Spec.Project, "default"),
		"ARGOCD_APP_SOURCE_REPO_URL": r.Source.RepoURL, "ARGOCD_APP_SOURCE_PATH": r.Source.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION": r.Source.TargetRevision,
		"$":                                 "$",
	}
	return os.Expand(text, func(name string) string {
		if strings.HasPrefix(name, revision) {
			r.unknown[name] = true
			return "${" + name + "}"
		}
		return known[name]
	})
}

// Unknown are the variables that were asked for and that nobody knows here, sorted.
func (r *Request) Unknown() []string { return slices.Sorted(maps.Keys(r.unknown)) }
