# METADATA
# title: Pod shares the processes of its node
# description: Remove hostPID, or run what needs it on a node of its own, with a waiver.
# custom:
#   rationale: A pod among the processes of its node sees their environment and can send them signals.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.host_pid

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	pod.spec.hostPID == true
	finding := {
		"msg": "hostPID is true",
		"at": workloads.at(pod, ["hostPID"]),
	}
}
