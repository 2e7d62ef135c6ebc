package layout

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// NamespacesDir is the folder with the namespaces of a cluster's platform. They come first, all together, so that no
// Secret, policy or component waits for the component that would have made its namespace.
func NamespacesDir(cluster string) string { return "clusters/" + cluster + "/namespaces" }

// namespaces writes the namespaces that the components of a cluster own, and the Application that reads them.
func (w *writer) namespaces(cluster blueprint.Cluster, platform blueprint.Platform) {
	levels := w.levels(platform)
	if len(levels) == 0 {
		return
	}
	dir := NamespacesDir(cluster.Name)
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		var reasons blueprint.Reasons
		for _, c := range platform.Components {
			reasons = append(reasons, c.Reasons.Below("namespaces", name).Under(0, "metadata", "labels")...)
		}
		w.addYAML("namespaces/"+name+"@"+cluster.Name, dir+"/"+name+".yaml", reasons, namespaceObject(name, levels[name]))
	}
	w.addYAML("namespaces/application@"+cluster.Name, appsDir(cluster)+"/namespaces.yaml", nil, w.application(application{
		cluster: cluster.Name, name: "namespaces", path: dir, wave: w.wave("namespaces"), protect: true,
		destination: object{"server": cluster.Server, "namespace": "default"},
	}))
}

// levels are the Pod Security levels of the namespaces of a cluster. That components differ about one is an error.
func (w *writer) levels(platform blueprint.Platform) map[string]string {
	levels, owners := map[string]string{}, map[string]string{}
	for _, c := range platform.Components {
		for _, name := range slices.Sorted(maps.Keys(c.Namespaces)) {
			level := c.Namespaces[name]
			if known, ok := levels[name]; ok && known != level && w.err == nil {
				w.err = fmt.Errorf("cluster %q: namespace %q is %s for the component %q and %s for %q: want one level",
					platform.Name, name, known, owners[name], level, c.Name)
			}
			levels[name], owners[name] = level, c.Name
		}
	}
	return levels
}

// platformOwner is whose the namespaces of components are, and what project they are of.
const platformOwner = "platform"

// namespaceObject is a Namespace with its Pod Security level, which nothing deletes by itself.
func namespaceObject(name, level string) object {
	labels := object{"owner": platformOwner, "project": platformOwner}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = level
	}
	return object{
		"apiVersion": "v1",
		"kind":       "Namespace",
		"metadata": object{
			"name":        name,
			"labels":      labels,
			"annotations": object{syncOptionsAnnotation: keep, compareAnnotation: ignoreKept},
		},
	}
}
