# METADATA
# title: Required annotation is missing
# description: >-
#   Set the annotations on the Namespace, where they hold for all that is in it.
# custom:
#   rationale: An organisation reads them, as to find whom to call.
#   severity: {small: off, medium: off, enterprise: off}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, apps.openshift.io/DeploymentConfig, argoproj.io/Rollout, batch/CronJob, batch/Job, core/Pod, core/ReplicationController, core/Namespace]
#   params:
#     annotations:
#       description: The annotations that each must have.
#       default: []
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
package policies.metadata.required_annotations

# What a Namespace says holds for all that stands in it. So what stands in one is judged only where nothing is known of it;
# else the Namespace alone is.
deny contains finding if {
	input.namespace == {}
	lacking := [name | some name in input.params.annotations; not _has(name)]
	finding := {
		"msg": sprintf("there is no annotation %s", [concat(", ", [sprintf("%q", [name]) | some name in lacking])]),
		"at": ["metadata", "annotations", lacking[0]],
	}
}

_has(name) if regex.match(`\S`, input.object.metadata.annotations[name])
