# METADATA
# title: Pod shares the memory of its node
# description: Remove hostIPC; processes that exchange memory belong into one pod.
# custom:
#   rationale: Shared memory of other processes on the node can be read and written.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.host_ipc

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	pod.spec.hostIPC == true
	finding := {
		"msg": "hostIPC is true",
		"at": workloads.at(pod, ["hostIPC"]),
	}
}
