# METADATA
# title: Autoscaler goes down to too few pods
# description: Set spec.minReplicas to the number of pods that must be there when nobody uses them.
# custom:
#   rationale: With a single pod every update, every drained node and every crash is an outage.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [autoscaling/HorizontalPodAutoscaler]
#   params:
#     min:
#       description: How many pods there must be at least.
#       default: 2
#   references:
#     - https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
package policies.reliability.hpa_min_replicas

import data.lib.workloads

deny contains finding if {
	input.object.spec.scaleTargetRef
	_least < input.params.min
	path := ["spec", "minReplicas"]
	finding := {
		"msg": sprintf("minReplicas is %s: want %v at least", [workloads.shown(input.object, path), input.params.min]),
		"at": path,
	}
}

# _least is how many pods there are; undefined where nobody can say.
_least := 1 if {
	object.get(input.object, ["spec", "minReplicas"], null) == null
} else := input.object.spec.minReplicas if {
	is_number(input.object.spec.minReplicas)
}
