# METADATA
# title: Container can forge packets
# description: Add NET_RAW, or better ALL, to securityContext.capabilities.drop.
# custom:
#   rationale: >-
#     With raw sockets a container answers for other addresses on its network, and reads what is meant for them.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [pods]
#   under: [pods/drop-all-capabilities]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.drop_net_raw

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	not workloads.is_windows(container)
	not _drops(container)
	finding := {
		"msg": sprintf("container %q keeps the capability NET_RAW", [container.name]),
		"at": workloads.at(container, ["securityContext", "capabilities", "drop"]),
	}
}

_drops(container) if {
	some capability in container.spec.securityContext.capabilities.drop
	trim_prefix(upper(capability), "CAP_") in {"ALL", "NET_RAW"}
}
