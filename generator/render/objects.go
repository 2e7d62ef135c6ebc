package render

import (
	"cmp"
	"fmt"
	"maps"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// maxObjects bounds what Applications render to. A hundred clusters with all components have half of it.
const maxObjects = 100_000

var tooMany = fmt.Sprintf("the repository renders to more than %d objects", maxObjects)

// keep adds what an Application renders to, queues the Applications among it, and counts it. Where it would be too much the
// renderer is full: it takes neither this nor anything later.
func (r *renderer) keep(resources []manifest.Resource, application string, s source) int {
	resources = flatten(resources)
	if r.full = r.full || len(r.result.Resources)+len(resources) > maxObjects; r.full {
		return 0
	}
	for _, res := range resources {
		res.Origin.Application, res.Origin.Cluster, res.Origin.Component = application, s.cluster, component(application, s.cluster)
		r.result.Resources = append(r.result.Resources, res)
		r.namespaces = append(r.namespaces, s.namespace)
		r.enqueue(res)
	}
	return len(resources)
}

// lastOfEach leaves the last of the objects that several sources bring, as Argo CD does, and notes these.
func (r *renderer) lastOfEach(application string, resources []manifest.Resource, namespace string) []manifest.Resource {
	last := map[manifest.ID]int{}
	name := func(id manifest.ID) manifest.ID {
		id.Version, id.Namespace = "", cmp.Or(id.Namespace, namespace)
		return id
	}
	for i, res := range resources {
		last[name(res.ID)] = i
	}
	var kept []manifest.Resource
	for i, res := range resources {
		if last[name(res.ID)] == i {
			kept = append(kept, res)
			continue
		}
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("Application %s renders %s more than once: the last one counts", application, res.ID))
	}
	return kept
}

// component is what an Application brings, by its name: those that gitopsgen generates are called <cluster>-<component>, and
// <cluster>-<component>-extras where objects come later.
func component(application, cluster string) string {
	return strings.TrimSuffix(strings.TrimPrefix(application, cluster+"-"), "-extras")
}

// flatten unfolds lists into their items as Argo CD does: a list is what has items, whatever its kind.
func flatten(resources []manifest.Resource) []manifest.Resource {
	return manifest.Unfold(resources, func(manifest.ID) bool { return true })
}

// fillNamespaces puts objects that name no namespace into that of their Application's destination, as Argo CD does.
// It comes last, because any Application may render the CustomResourceDefinition that tells a kind's scope. known says that
// the scope of all objects was known.
func (r *renderer) fillNamespaces() (known bool) {
	scopes := map[string]any{}
	for _, res := range r.result.Resources {
		if res.ID.Kind == "CustomResourceDefinition" {
			kind := fmt.Sprint(manifest.Dig(res.Object, "spec", "group"), "/", manifest.Dig(res.Object, "spec", "names", "kind"))
			scopes[kind] = manifest.Dig(res.Object, "spec", "scope")
		}
	}
	namespaced := func(id manifest.ID) (namespaced, known bool) {
		if r.options.Namespaced != nil { // no definition in the tree changes one of Kubernetes' own kinds
			if namespaced, known = r.options.Namespaced(id.Group, id.Kind); known {
				return namespaced, known
			}
		}
		scope, known := scopes[id.Group+"/"+id.Kind]
		return scope == "Namespaced", known
	}
	known = true
	for i, namespace := range r.namespaces {
		res := r.result.Resources[i]
		if namespace == "" || res.ID.Namespace != "" {
			continue
		}
		is, sure := namespaced(res.ID)
		known = known && sure
		if is && sure {
			r.result.Resources[i] = withNamespace(res, namespace)
		}
	}
	return known
}

func withNamespace(res manifest.Resource, namespace string) manifest.Resource {
	metadata, _ := res.Object["metadata"].(map[string]any)
	if metadata = maps.Clone(metadata); metadata == nil {
		metadata = map[string]any{}
	}
	metadata["namespace"] = namespace
	res.Object = maps.Clone(res.Object)
	res.Object["metadata"] = metadata
	res.ID.Namespace = namespace
	return res
}
