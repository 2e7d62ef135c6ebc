package refused

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
	"github.com/gitopsgen/gitopsgen/linter/refused/field"
	"github.com/gitopsgen/gitopsgen/linter/refused/pods"
)

// kinds are the kinds that are judged, each by what it is judged by.
var kinds = map[kind]field.Check{
	{"", "ConfigMap"}:                          configMap,
	{"", "LimitRange"}:                         field.All(field.At("spec.limits", field.Distinct("type")), field.At("spec.limits[]", limitRange)),
	{"", "PersistentVolumeClaim"}:              field.At("spec", pods.Claim),
	{"", "Pod"}:                                pods.Pod,
	{"", "PodTemplate"}:                        field.At("template", pods.Template),
	{"", "ReplicationController"}:              field.At("spec", replicas, field.At("template", pods.Template)),
	{"", "ResourceQuota"}:                      resourceQuota,
	{"", "Secret"}:                             secret,
	{"", "Service"}:                            field.At("spec", service),
	{"apps", "DaemonSet"}:                      field.At("spec", replicas, daemonSet, field.At("selector", ownSelector), field.At("template", pods.Template)),
	{"apps", "Deployment"}:                     field.At("spec", replicas, deployment, field.At("selector", ownSelector), field.At("template", pods.Template)),
	{"apps", "ReplicaSet"}:                     field.At("spec", replicas, field.At("selector", ownSelector), field.At("template", pods.Template)),
	{"apps", "StatefulSet"}:                    field.At("spec", replicas, statefulSet, field.At("selector", ownSelector), field.At("template", pods.Template)),
	{"apps.openshift.io", "DeploymentConfig"}:  field.At("spec.template", pods.Template),
	{"argoproj.io", "Rollout"}:                 field.At("spec.template", pods.Template),
	{"autoscaling", "HorizontalPodAutoscaler"}: field.At("spec", autoscaler),
	{"batch", "CronJob"}:                       cronJob,
	{"batch", "Job"}:                           field.All(jobName, field.At("spec", job)),
	{"networking.k8s.io", "Ingress"}:           ingress,
	{"networking.k8s.io", "NetworkPolicy"}:     field.At("spec", networkPolicy),
	{"policy", "PodDisruptionBudget"}:          field.At("spec", disruptionBudget),
	{rbac, "ClusterRole"}:                      field.All(field.At("rules[]", policyRule), field.At("aggregationRule", aggregation)),
	{rbac, "ClusterRoleBinding"}:               field.All(roleRef("ClusterRole"), field.At("subjects[]", subject, clusterSubject)),
	{rbac, "Role"}:                             field.At("rules[]", policyRule, namespacedRule),
	{rbac, "RoleBinding"}:                      field.All(roleRef("Role", "ClusterRole"), field.At("subjects[]", subject)),
	{"scheduling.k8s.io", "PriorityClass"}:     priorityClass,
}

// templateOf gives the path to what has metadata and spec of a pod in objects of a kind; ok is false where nothing has.
func templateOf(k kind) (at manifest.Path, ok bool) {
	if k == (kind{"", "PodTemplate"}) {
		return manifest.Path{"template"}, true // which makes no pods by itself
	}
	return cluster.TemplateOf(k.group, k.name)
}
