# METADATA
# title: Disruption budget keeps pods that do not work
# description: >-
#   Set spec.unhealthyPodEvictionPolicy to AlwaysAllow, or to IfHealthyBudget where pods that are not ready must stay.
# custom:
#   rationale: A pod that never becomes ready cannot be evicted while the budget is not met, and holds up every drain of its node.
#   severity: {small: off, medium: info, enterprise: info}
#   kinds: [policy/PodDisruptionBudget]
#   references:
#     - https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
package policies.reliability.pdb_unhealthy_eviction

deny contains finding if {
	object.get(input.object.spec, "unhealthyPodEvictionPolicy", null) == null
	finding := {
		"msg": "unhealthyPodEvictionPolicy is not set",
		"at": ["spec", "unhealthyPodEvictionPolicy"],
	}
}
