# METADATA
# title: Nobody says whose it is
# description: >-
#   Set the labels on the Namespace, where they hold for all that is in it.
# custom:
#   rationale: Who is called at night, and who pays, is found by these labels or not at all.
#   severity: {small: off, medium: warning, enterprise: error}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, apps.openshift.io/DeploymentConfig, argoproj.io/Rollout, batch/CronJob, batch/Job, core/Pod, core/ReplicationController, core/Namespace]
#   params:
#     labels:
#       description: The labels that each must have.
#       default: [project, owner]
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
package policies.metadata.required_labels

# What a Namespace says holds for all that stands in it. So what stands in one is judged only where nothing is known of it;
# else the Namespace alone is.
deny contains finding if {
	input.namespace == {}
	lacking := [name | some name in input.params.labels; not _has(name)]
	finding := {
		"msg": sprintf("there is no label %s", [concat(", ", [sprintf("%q", [name]) | some name in lacking])]),
		"at": ["metadata", "labels", lacking[0]],
	}
}

_has(name) if regex.match(`\S`, input.object.metadata.labels[name])
