# METADATA
# title: Pod shares the network of its node
# description: Remove hostNetwork, and reach the pod by a Service.
# custom:
#   rationale: >-
#     The pod passes by all NetworkPolicies, listens on the node itself, and reaches what answers on its loopback
#     address.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.host_network

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	pod.spec.hostNetwork == true
	finding := {
		"msg": "hostNetwork is true",
		"at": workloads.at(pod, ["hostNetwork"]),
	}
}
