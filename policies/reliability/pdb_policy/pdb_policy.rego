# METADATA
# title: Disruption budget sets no budget
# description: Set spec.maxUnavailable to how many of the pods may be away at once, or spec.minAvailable.
# custom:
#   rationale: Without either no pod may ever be evicted, so that no node can be drained.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [policy/PodDisruptionBudget]
#   references:
#     - https://kubernetes.io/docs/tasks/run-application/configure-pdb/
package policies.reliability.pdb_policy

deny contains finding if {
	every field in ["maxUnavailable", "minAvailable"] {
		object.get(input.object.spec, field, null) == null
	}
	finding := {
		"msg": "neither maxUnavailable nor minAvailable is set",
		"at": ["spec", "maxUnavailable"],
	}
}
