package render

import (
	"cmp"
	"slices"
	"strconv"
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

// Phase is when within a sync an object is applied.
type Phase string

// The phases, in order. Objects of the last three are applied when something fails or is deleted, or never.
const (
	PreSync    Phase = "PreSync"
	Sync       Phase = "Sync"
	PostSync   Phase = "PostSync"
	SyncFail   Phase = "SyncFail"
	PreDelete  Phase = "PreDelete"
	PostDelete Phase = "PostDelete"
	Skip       Phase = "Skip"
)

var phases = []Phase{PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete, Skip}

// helmPhases are what Argo CD makes of Helm's hooks (gitops-engine/pkg/sync/hook of Argo CD 3.4). Those of tests and
// rollbacks it never runs.
var helmPhases = map[string]Phase{
	"pre-install": PreSync, "pre-upgrade": PreSync, "post-install": PostSync, "post-upgrade": PostSync,
	"pre-delete": PreDelete, "post-delete": PostDelete, "crd-install": Sync,
	"test": Skip, "test-success": Skip, "pre-rollback": Skip, "post-rollback": Skip,
}

// kindOrder is the order of kinds within a wave (gitops-engine/pkg/sync/sync_tasks.go of Argo CD 3.4); others come last.
var kindOrder = []string{
	"Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount",
	"Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition",
	"ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding",
	"RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
	"HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
}

// Steps gives the objects in the order in which Argo CD applies them: Applications after those that render them, by
// cluster and wave, and within each its objects by phase, wave, kind and name. What no Application reaches comes first: somebody applies it by hand, if at all.
func (r Result) Steps() []Step {
	rank := r.ranks()
	hooked := map[string]bool{} // Applications that have a hook of Argo CD's own: Helm's do not count there
	for _, res := range r.Resources {
		if annotation(res, "argocd.argoproj.io/hook") != "" {
			hooked[res.Origin.Application] = true
		}
	}
	steps := make([]Step, len(r.Resources))
	for i, res := range r.Resources {
		steps[i] = Step{Resource: res, Phase: phase(res, hooked[res.Origin.Application]), Wave: wave(res)}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(
			cmp.Compare(rank[a.application()], rank[b.application()]),
			cmp.Compare(slices.Index(phases, a.Phase), slices.Index(phases, b.Phase)),
			cmp.Compare(a.Wave, b.Wave),
			cmp.Compare(kindRank(a.ID.Kind), kindRank(b.ID.Kind)),
			strings.Compare(a.ID.Name, b.ID.Name),
		)
	})
	return steps
}

func (s Step) application() applicationKey {
	return applicationKey{s.Origin.Application, s.Origin.Cluster}
}

type applicationKey struct{ name, cluster string }

// ranks gives each Application its place in the order, from 1.
func (r Result) ranks() map[applicationKey]int {
	type entry struct {
		key         applicationKey
		depth, wave int
	}
	depths := map[string]int{}
	parents := map[string]manifest.Resource{}
	for _, res := range r.Resources {
		if isApplication(res.ID) {
			parents[res.ID.Name] = res
		}
	}
	var depth func(name string, below int) int
	depth = func(name string, below int) int {
		if known, ok := depths[name]; ok {
			return known
		}
		parent, ok := parents[name]
		if !ok || parent.Origin.Application == "" || below > len(parents) {
			return 0
		}
		depths[name] = depth(parent.Origin.Application, below+1) + 1
		return depths[name]
	}
	var entries []entry
	for _, app := range r.Applications {
		entries = append(entries, entry{applicationKey{app.Name, app.Cluster}, depth(app.Name, 0), wave(parents[app.Name])})
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(a.depth, b.depth), strings.Compare(a.key.cluster, b.key.cluster), cmp.Compare(a.wave, b.wave),
			strings.Compare(a.key.name, b.key.name),
		)
	})
	ranks := map[applicationKey]int{}
	for i, e := range entries {
		ranks[e.key] = i + 1
	}
	return ranks
}

func kindRank(kind string) int {
	if i := slices.Index(kindOrder, kind); i >= 0 {
		return i
	}
	return len(kindOrder)
}

// phase reads an object's hook.
func phase(res manifest.Resource, argoOnly bool) Phase {
	for _, name := range strings.Split(annotation(res, "argocd.argoproj.io/hook"), ",") {
		if p := Phase(strings.TrimSpace(name)); slices.Contains(phases, p) {
			return p
		}
	}
	if argoOnly {
		return Sync
	}
	for _, name := range strings.Split(annotation(res, "helm.sh/hook"), ",") {
		if p, ok := helmPhases[strings.TrimSpace(name)]; ok {
			return p
		}
	}
	return Sync
}

// wave reads an object's sync wave, or the weight of Helm's hook.
func wave(res manifest.Resource) int {
	for _, name := range []string{"argocd.argoproj.io/sync-wave", "helm.sh/hook-weight"} {
		if n, err := strconv.Atoi(annotation(res, name)); err == nil {
			return n
		}
	}
	return 0
}

func annotation(res manifest.Resource, name string) string {
	text, _ := manifest.Dig(res.Object, "metadata", "annotations", name).(string)
	return text
}
