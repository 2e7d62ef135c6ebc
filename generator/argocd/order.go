package argocd

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Step is an object with when Argo CD applies it.
type Step struct {
	manifest.Resource
	// Phase is one of the phases of a sync, or of a deletion.
	Phase Phase
	// Wave is that of the object within its Application.
	Wave int
}

// kindOrder is the order of kinds within a wave (gitops-engine/pkg/sync/sync_tasks.go of Argo CD 3.4); others come last.
var kindOrder = []string{
	"Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount",
	"Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition",
	"ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding",
	"RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
	"HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
}

// Steps gives objects in the order in which Argo CD applies them: Applications after those that render them, by cluster and
// wave, and within each its objects by phase, wave, kind and name. What no Application reaches comes first: somebody applies it
// by hand, if at all.
func Steps(resources []manifest.Resource) []Step {
	rank := ranks(resources)
	hooked := map[applicationKey]bool{}
	for _, res := range resources {
		if manifest.Dig(res.Object, "metadata", "annotations", HookAnnotation) != nil {
			hooked[applicationOf(res)] = true
		}
	}
	steps := make([]Step, len(resources))
	for i, res := range resources {
		sync, _ := ReadSync(res)
		steps[i] = Step{Resource: res, Phase: sync.phase(hooked, applicationOf(res)), Wave: sync.Wave}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(
			cmp.Compare(rank[applicationOf(a.Resource)], rank[applicationOf(b.Resource)]),
			cmp.Compare(a.Phase.Order(), b.Phase.Order()),
			cmp.Compare(a.Wave, b.Wave),
			cmp.Compare(kindRank(a.ID.Kind), kindRank(b.ID.Kind)),
			strings.Compare(a.ID.Name, b.ID.Name),
		)
	})
	return steps
}

// applicationKey names the Application that brings an object; it is empty where none does.
type applicationKey struct{ name, cluster string }

func applicationOf(res manifest.Resource) applicationKey {
	return applicationKey{res.Origin.Application, res.Origin.Cluster}
}

// ranks gives each Application its place in the order, from 1.
func ranks(resources []manifest.Resource) map[applicationKey]int {
	type entry struct {
		key         applicationKey
		depth, wave int
	}
	var entries []entry
	parents, ranks := map[string]manifest.Resource{}, map[applicationKey]int{}
	for _, res := range resources {
		if IsApplication(res.ID) || IsApplicationSet(res.ID) {
			parents[res.ID.Name] = res
		}
		key := applicationOf(res)
		if _, ok := ranks[key]; !ok && key.name != "" {
			ranks[key] = 0
			entries = append(entries, entry{key: key})
		}
	}
	depths := map[string]int{}
	for i, e := range entries {
		sync, _ := ReadSync(parents[e.key.name])
		entries[i].depth, entries[i].wave = depth(e.key.name, parents, depths), sync.Wave
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(a.depth, b.depth), strings.Compare(a.key.cluster, b.key.cluster), cmp.Compare(a.wave, b.wave),
			strings.Compare(a.key.name, b.key.name),
		)
	})
	for i, e := range entries {
		ranks[e.key] = i + 1
	}
	return ranks
}

// depth counts the Applications above one. Those that contain each other have some depth.
func depth(name string, parents map[string]manifest.Resource, known map[string]int) int {
	if depth, ok := known[name]; ok {
		return depth
	}
	parent, ok := parents[name]
	if !ok || parent.Origin.Application == "" {
		return 0
	}
	known[name] = 0 // which ends a circle
	known[name] = depth(parent.Origin.Application, parents, known) + 1
	return known[name]
}

func kindRank(kind string) int {
	if i := slices.Index(kindOrder, kind); i >= 0 {
		return i
	}
	return len(kindOrder)
}

// phase is the first in which an object is applied; hooked says that its Application has hooks of Argo CD's own, beside which
// Helm's do not count.
func (s Sync) phase(hooked map[applicationKey]bool, of applicationKey) Phase {
	switch {
	case len(s.Hooks) > 0:
		return s.Hooks[0]
	case len(s.HelmHooks) > 0 && !hooked[of]:
		return s.HelmHooks[0]
	}
	return InSync
}
