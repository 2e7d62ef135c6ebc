package record

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// workloads are the kinds that run pods: of these nearly everything is kept.
var workloads = []string{"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"}

// kept are the annotations that say when Argo CD applies an object, whether it deletes it, and which controller an Ingress is for.
var kept = []string{
	"argocd.argoproj.io/hook", "argocd.argoproj.io/sync-options", "argocd.argoproj.io/sync-wave", "helm.sh/hook", "helm.sh/hook-weight",
	"kubernetes.io/ingress.class", "nginx.ingress.kubernetes.io/canary",
}

// counts are the fields of custom resources that say how many there are to be of something.
var counts = []string{"activeCount", "activeStandby", "count", "instances", "replicas"}

// options is the one setting that rendering itself reads, from argocd-cm.
const options = "kustomize.buildOptions"

// maxText is how long a text may be that is kept. Longer ones are scripts and configuration.
const maxText = 200

// Left stands for a text that was left out.
const Left = "…"

// Reduce gives the facts of an object: of workloads all but long texts and what ConfigMaps say, of everything else its
// name, how many of something it asks for, the resources for that, and what it says of other objects.
func Reduce(object map[string]any) map[string]any {
	kind, _ := object["kind"].(string)
	out := map[string]any{"apiVersion": object["apiVersion"], "kind": kind, "metadata": metadata(object["metadata"], kept)}
	spec, _ := object["spec"].(map[string]any)
	switch {
	case slices.Contains(workloads, kind):
		out["metadata"] = metadata(object["metadata"], nil)
		out["spec"] = short(spec)
		return out
	case kind != "CustomResourceDefinition":
		if sized, ok := sizes(spec).(map[string]any); ok {
			out["spec"] = sized
		}
	}
	return manifest.Merge(out, facts(object))
}

// sizes copies of a value only what leads to counts and to resources; nil where nothing does.
func sizes(value any) any {
	from, _ := value.(map[string]any)
	out := map[string]any{}
	for name, v := range from {
		_, isMap := v.(map[string]any)
		switch {
		case slices.Contains(counts, name) && !isMap, name == "resources" && isMap:
			out[name] = v
		case isMap:
			if sized := sizes(v); sized != nil {
				out[name] = sized
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// ReduceCRD gives what a CustomResourceDefinition says of the objects of its kind, without descriptions: these can then be
// judged where the chart is not at hand.
func ReduceCRD(object map[string]any) map[string]any {
	out := Reduce(object)
	spec, _ := object["spec"].(map[string]any)
	versions, _ := spec["versions"].([]any)
	var kept []any
	for _, v := range versions {
		version, _ := v.(map[string]any)
		one := map[string]any{}
		for _, field := range []string{"name", "served", "storage"} {
			one[field] = version[field]
		}
		one["schema"] = undescribed(version["schema"])
		kept = append(kept, one)
	}
	out["spec"] = map[string]any{"group": spec["group"], "names": spec["names"], "scope": spec["scope"], "versions": kept}
	return out
}

// undescribed copies a schema without what only people read. A field may have such a name too: then it is a mapping.
func undescribed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range value {
			if _, isText := v.(string); !isText || k != "description" && k != "title" {
				out[k] = undescribed(v)
			}
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = undescribed(v)
		}
		return out
	}
	return value
}

// metadata keeps names, labels and annotations: these only, or all where none are given.
func metadata(value any, only []string) map[string]any {
	from, _ := value.(map[string]any)
	out := map[string]any{}
	for _, field := range []string{"name", "namespace"} {
		if from[field] != nil {
			out[field] = from[field]
		}
	}
	if labels, ok := from["labels"].(map[string]any); ok && only == nil {
		out["labels"] = short(labels)
	}
	annotations := map[string]any{}
	all, _ := from["annotations"].(map[string]any)
	for name, v := range all {
		if only == nil || slices.Contains(only, name) {
			annotations[name] = short(v)
		}
	}
	if len(annotations) > 0 {
		out["annotations"] = annotations
	}
	return out
}

// fromConfig reports whether a value is a variable that a ConfigMap gives. Some charts have hundreds, and they say nothing.
func fromConfig(value any) bool {
	variable, _ := value.(map[string]any)
	from, _ := variable["valueFrom"].(map[string]any)
	return from["configMapKeyRef"] != nil
}

// short copies a value without its long texts.
func short(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for k, v := range value {
			out[k] = short(v)
		}
		return out
	case []any:
		out := []any{}
		for _, v := range value {
			if !fromConfig(v) {
				out = append(out, short(v))
			}
		}
		return out
	case string:
		if len(value) > maxText || strings.Contains(value, "\n") {
			return Left
		}
	}
	return value
}

// Facts reduces the objects of one chart, and gives the images that the reduced ones do not show. Of
// CustomResourceDefinitions whose kinds are not known the structure is kept.
func Facts(resources []manifest.Resource, known func(group, kind string) (namespaced, known bool)) (images []string, objects []map[string]any) {
	var shown []string
	for _, res := range resources {
		reduced := Reduce(res.Object)
		group, _ := manifest.Dig(res.Object, "spec", "group").(string)
		kind, _ := manifest.Dig(res.Object, "spec", "names", "kind").(string)
		if _, known := known(group, kind); res.ID.Kind == "CustomResourceDefinition" && !known {
			reduced = ReduceCRD(res.Object)
		}
		objects = append(objects, reduced)
		images = append(images, image.Find(res.Object)...)
		shown = append(shown, image.Find(reduced)...)
	}
	images = slices.DeleteFunc(images, func(name string) bool { return slices.Contains(shown, name) })
	slices.Sort(images)
	return slices.Compact(images), objects
}
