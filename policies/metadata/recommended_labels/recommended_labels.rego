# METADATA
# title: Recommended label is missing
# description: Set the labels that Kubernetes recommends, in the chart's values or by labels of the kustomization.
# custom:
#   rationale: Dashboards, cost reports and people find by them what belongs together, whoever wrote it.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, batch/CronJob, batch/Job, core/Pod, core/ReplicationController]
#   params:
#     labels:
#       description: The labels that each workload should have.
#       default: [app.kubernetes.io/name, app.kubernetes.io/instance, app.kubernetes.io/version]
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
package policies.metadata.recommended_labels

deny contains finding if {
	lacking := [name | some name in input.params.labels; not _has(name)]
	finding := {
		"msg": sprintf("there is no label %s", [concat(", ", [sprintf("%q", [name]) | some name in lacking])]),
		"at": ["metadata", "labels", lacking[0]],
	}
}

_has(name) if regex.match(`\S`, input.object.metadata.labels[name])
