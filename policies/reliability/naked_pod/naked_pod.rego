# METADATA
# title: Pod stands for itself
# description: Let a Deployment, StatefulSet, DaemonSet or Job make the pod.
# custom:
#   rationale: When its node is lost or drained, a pod without a controller is gone for good.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [core/Pod]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers
package policies.reliability.naked_pod

import data.lib.lifecycle

deny contains finding if {
	not lifecycle.is_managed(input.object)
	finding := {
		"msg": "no controller makes the pod: kind is \"Pod\"",
		"at": ["kind"],
	}
}
