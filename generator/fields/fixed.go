package fields

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// fixed are the fields that the API server does not let anybody change, but for those below them.
type fixed struct {
	fields, but []string
}

// fixedFields are those of Kubernetes' own kinds, by group and kind.
var fixedFields = map[string]fixed{
	"apps/StatefulSet": {[]string{"spec"}, []string{
		"spec.replicas", "spec.ordinals", "spec.template", "spec.updateStrategy", "spec.revisionHistoryLimit",
		"spec.persistentVolumeClaimRetentionPolicy", "spec.minReadySeconds",
	}},
	"apps/Deployment":                       {fields: []string{"spec.selector"}},
	"apps/DaemonSet":                        {fields: []string{"spec.selector"}},
	"apps/ReplicaSet":                       {fields: []string{"spec.selector"}},
	"batch/Job":                             {fields: []string{"spec.template", "spec.selector", "spec.completionMode"}},
	"/Service":                              {fields: []string{"spec.clusterIP", "spec.clusterIPs"}},
	"/Secret":                               {fields: []string{"type"}},
	"/PersistentVolumeClaim":                {[]string{"spec"}, []string{"spec.resources", "spec.volumeAttributesClassName"}},
	"storage.k8s.io/StorageClass":           {fields: []string{"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"}},
	"rbac.authorization.k8s.io/RoleBinding": {fields: []string{"roleRef"}},
	"rbac.authorization.k8s.io/ClusterRoleBinding":  {fields: []string{"roleRef"}},
	"scheduling.k8s.io/PriorityClass":               {fields: []string{"value", "preemptionPolicy"}},
	"networking.k8s.io/IngressClass":                {fields: []string{"spec.controller"}},
	"apiextensions.k8s.io/CustomResourceDefinition": {fields: []string{"spec.scope", "spec.group"}},
}

// defaults are what the API server writes into fixed fields that are left out, by their names: to write it there is no change.
var defaults = map[string]any{
	"podManagementPolicy": "OrderedReady", "volumeMode": "Filesystem", "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate",
	"apiGroup": "rbac.authorization.k8s.io", "preemptionPolicy": "PreemptLowerPriority", "completionMode": "NonIndexed", "type": "Opaque",
	"apiVersion": "v1", "kind": "PersistentVolumeClaim",
}

// chosen are fixed fields that the cluster fills in where they are left out.
var chosen = []string{"clusterIP", "clusterIPs", "storageClassName", "volumeName", "selector"}

// refused reports whether the API server refuses that a field of an object is changed.
func refused(now *manifest.Resource, f Field) bool {
	path := f.Path.String()
	below := func(field string) bool {
		rest, ok := strings.CutPrefix(path, field)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], ".["))
	}
	if below("spec.resources.requests.storage") && now.ID.Kind == "PersistentVolumeClaim" && now.ID.Group == "" {
		return shrinks(f)
	}
	sync, _ := argocd.ReadSync(*now)
	kind := fixedFields[now.ID.Group+"/"+now.ID.Kind]
	if !slices.ContainsFunc(kind.fields, below) || slices.ContainsFunc(kind.but, below) || sync.IsHook() {
		return false
	}
	last, _ := f.Path[len(f.Path)-1].(string)
	if f.Change == Changed || f.Change == Reordered {
		return true
	}
	value := f.New
	if f.Change == Removed {
		value = f.Old
	}
	switch {
	case defaults[last] != nil && value == defaults[last]:
		return false
	case slices.Contains(chosen, last):
		return value == "None" && f.Change == Added
	}
	return true
}

// shrinks reports whether a size is less than it was.
func shrinks(f Field) bool {
	was, _ := f.Old.(string)
	is, _ := f.New.(string)
	old, err := resource.ParseQuantity(was)
	if err != nil {
		return false
	}
	now, err := resource.ParseQuantity(is)
	return err == nil && now.Cmp(old) < 0
}
