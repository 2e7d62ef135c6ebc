# METADATA
# title: Workload has too few replicas
# description: Raise spec.replicas, or leave it to a HorizontalPodAutoscaler.
# custom:
#   rationale: While the node of the only pod is off, or drained, nobody serves.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [apps/Deployment, apps/StatefulSet, argoproj.io/Rollout, apps.openshift.io/DeploymentConfig]
#   params:
#     min:
#       description: Fewest replicas of a workload.
#       default: 2
#   repository_only: The API server writes 1 where nothing is set, as it is for an autoscaler to decide.
package policies.reliability.min_replicas

# What is not set may be an autoscaler's to say, and 0 is meant so.
deny contains finding if {
	replicas := input.object.spec.replicas
	replicas > 0
	replicas < input.params.min
	finding := {
		"msg": sprintf("replicas is %v, less than %v", [replicas, input.params.min]),
		"at": ["spec", "replicas"],
	}
}
