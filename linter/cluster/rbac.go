package cluster

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

const rbac = "rbac.authorization.k8s.io"

// Bindings are those of roles, in namespaces and without.
func (c *Cluster) Bindings() []*manifest.Resource {
	return slices.Concat(c.Of(rbac, "RoleBinding"), c.Of(rbac, "ClusterRoleBinding"))
}

// ownRoles are ClusterRoles that every cluster has, besides those that begin with system:, and those that OpenShift brings.
var ownRoles = []string{
	"admin", "cluster-admin", "edit", "view",
	"basic-user", "cluster-monitoring-view", "cluster-reader", "cluster-status", "registry-admin", "registry-editor", "registry-viewer", "self-provisioner", "storage-admin", "sudoer",
}

// RoleOf gives the role that a binding grants; ok is false where Kubernetes or OpenShift brings it.
func RoleOf(r *manifest.Resource) (id manifest.ID, ok bool) {
	id = manifest.ID{Group: rbac, Version: "v1", Kind: text(r.Object, "roleRef", "kind"), Name: text(r.Object, "roleRef", "name")}
	if id.Kind == "Role" {
		id.Namespace = r.ID.Namespace
	}
	own := id.Kind == "ClusterRole" && (slices.Contains(ownRoles, id.Name) || strings.HasPrefix(id.Name, "system:"))
	return id, id.Name != "" && id.Kind != "" && !own
}

// Accounts gives the ServiceAccounts that a binding grants something to, but for those that every namespace has.
func Accounts(r *manifest.Resource) (all []Reference) {
	for i, s := range list(r.Object, "subjects") {
		to := manifest.ID{Version: "v1", Kind: "ServiceAccount", Namespace: text(s, "namespace"), Name: text(s, "name")}
		if to.Namespace == "" {
			to.Namespace = r.ID.Namespace
		}
		if text(s, "kind") == "ServiceAccount" && to.Name != "" && to.Name != "default" {
			all = append(all, Reference{At: manifest.Path{"subjects", i, "name"}, To: to})
		}
	}
	return all
}

// injecting are words in labels and annotations by which something puts keys into a ConfigMap or Secret.
var injecting = []string{"inject", "reflect", "replicat"}

// Keys gives those of a ConfigMap or Secret; all is false where it may get others when it is there, as an empty one does.
func Keys(r *manifest.Resource) (keys []string, all bool) {
	for _, field := range []string{"data", "stringData", "binaryData"} {
		data, _ := r.Object[field].(map[string]any)
		for key := range data {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, field := range []string{"annotations", "labels"} {
		marks, _ := manifest.Dig(r.Object, "metadata", field).(map[string]any)
		for name := range marks {
			if slices.ContainsFunc(injecting, func(word string) bool { return strings.Contains(name, word) }) {
				return keys, false
			}
		}
	}
	return keys, len(keys) > 0 && Known(r, "data")
}
