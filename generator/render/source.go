package render

import (
	"fmt"
	"path"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// source is where an Application's objects come from and where they go.
type source struct {
	path    string
	recurse bool
	// cluster and namespace are the destination's.
	cluster, namespace string
}

// source reads what an Application renders. Where that cannot be rendered here, why says the reason.
func (r *renderer) source(app manifest.Resource) (s source, why string) {
	spec, _ := app.Object["spec"].(map[string]any)
	s.cluster = r.cluster(spec)
	s.namespace, _ = dig(spec, "destination", "namespace").(string)
	if _, many := spec["sources"]; many {
		return s, "it has several sources, which this version does not render"
	}
	src, ok := spec["source"].(map[string]any)
	if !ok {
		return s, "it has no source"
	}
	for _, tool := range []string{"helm", "kustomize", "plugin", "chart", "ref"} {
		if src[tool] != nil {
			return s, fmt.Sprintf("its source uses %q, which this version does not render", tool)
		}
	}
	for _, option := range []string{"include", "exclude", "jsonnet"} {
		if dig(src, "directory", option) != nil {
			return s, fmt.Sprintf("its source uses directory.%s, which this version does not render", option)
		}
	}
	s.recurse, _ = dig(src, "directory", "recurse").(bool)
	p, _ := src["path"].(string)
	s.path = path.Clean(strings.TrimPrefix(p, "/"))
	url, _ := src["repoURL"].(string)
	switch {
	case len(r.options.URLs) > 0:
		if !r.ours(url) {
			return s, fmt.Sprintf("its source is another repository, %s", url)
		}
	case len(r.tree.Under(s.path)) > 0:
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("%s is taken to be this repository: its paths exist here", url))
	default:
		return s, fmt.Sprintf("its source is another repository, %s", url)
	}
	if len(r.tree.Under(s.path)) == 0 {
		r.tell(Problem{
			Place: app.Place("spec", "source", "path"), Application: app.ID.Name,
			Message: fmt.Sprintf("Application %s: path %q: there is no such directory", app.ID.Name, p),
		})
		return s, "its path does not exist"
	}
	if _, chart := r.tree.File(path.Join(s.path, "Chart.yaml")); chart && !r.kustomize.has(s.path) {
		return s, "its source is a Helm chart in this repository, which this version does not render"
	}
	return s, ""
}

// cluster names the cluster that an Application's objects go to.
func (r *renderer) cluster(spec map[string]any) string {
	for _, key := range []string{"server", "name"} {
		where, _ := dig(spec, "destination", key).(string)
		if where == "" {
			continue
		}
		if name, ok := r.options.Clusters[where]; ok {
			return name
		}
		return where
	}
	return ""
}

func (r *renderer) ours(url string) bool {
	for _, u := range r.options.URLs {
		if normalise(u) == normalise(url) {
			return true
		}
	}
	return false
}

// normalise makes the ways to write one repository's URL equal: scheme, user, .git and the scp form do not matter.
func normalise(url string) string {
	url = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git"))
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = strings.Replace(url, ":", "/", 1)
	} else if scheme == "file" {
		return url
	}
	if _, after, ok := strings.Cut(rest, "@"); ok {
		rest = after
	}
	return rest
}
