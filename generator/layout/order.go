package layout

import (
	"maps"
	"slices"
	"strings"
)

// orders are the orders in which people of the field write keys. The first whose marks a mapping all has is its own; keys
// that it does not list come behind, by name.
var orders = []struct{ marks, keys []string }{
	{[]string{"apiVersion", "kind"}, []string{"apiVersion", "kind", "metadata", "type", "namespace", "resources", "components", "helmCharts", "helmGlobals", "images", "patches", "spec"}},
	{[]string{"repoURL"}, []string{"repoURL", "targetRevision", "path", "chart"}},
	{[]string{"name", "repo", "version"}, []string{"name", "repo", "version", "releaseName", "namespace", "kubeVersion", "apiVersions", "includeCRDs", "skipTests", "valuesFile"}},
	{[]string{"project", "source", "destination"}, []string{"project", "source", "destination", "syncPolicy", "ignoreDifferences"}},
	{[]string{"sourceRepos", "destinations"}, []string{"description", "sourceRepos", "destinations", "clusterResourceWhitelist"}},
	{[]string{"target", "patch"}, []string{"target", "patch"}},
	{[]string{"rule", "match", "reason"}, []string{"rule", "match", "reason"}},
	{[]string{"cluster", "component"}, []string{"cluster", "component", "kind", "namespace", "name", "container"}},
	{[]string{"automated", "retry"}, []string{"automated", "syncOptions", "retry"}},
	{[]string{"limit", "backoff"}, []string{"limit", "refresh", "backoff"}},
	{[]string{"server", "namespace"}, []string{"server", "namespace"}},
	{[]string{"alert", "expr"}, []string{"alert", "expr", "for", "labels", "annotations"}},
	{[]string{"requests", "limits"}, []string{"requests", "limits"}},
	{[]string{"op", "path"}, []string{"op", "path", "value"}},
	{[]string{"kind", "name"}, []string{"apiGroup", "group", "kind", "name", "namespace"}},
	{[]string{"name"}, []string{"name", "namespace", "labels", "annotations", "finalizers"}},
	{nil, []string{"metadata", "name"}},
}

// keys are those of a mapping in the order in which they are written.
func keys(o object) []string {
	var order []string
	for _, known := range orders {
		if !slices.ContainsFunc(known.marks, func(mark string) bool { _, has := o[mark]; return !has }) {
			order = known.keys
			break
		}
	}
	rank := func(k string) int {
		if i := slices.Index(order, k); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}
