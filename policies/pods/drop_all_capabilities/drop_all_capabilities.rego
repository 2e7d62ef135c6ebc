# METADATA
# title: Container keeps capabilities that it does not need
# description: Set securityContext.capabilities.drop to [ALL], and add back at most NET_BIND_SERVICE.
# custom:
#   rationale: >-
#     Each capability is a part of what root can do; the ones a container has by default let it change owners, forge
#     packets and more.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   under: [pods/dangerous-capabilities]
#   params:
#     allowed:
#       description: Capabilities that may be added back.
#       default: [NET_BIND_SERVICE]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.drop_all_capabilities

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	not workloads.is_windows(container)
	not _drops_all(container)
	finding := {
		"msg": sprintf("container %q keeps capabilities: securityContext.capabilities.drop is %s", [container.name, workloads.shown(container.spec, _drop)]),
		"at": workloads.at(container, _drop),
	}
}

deny contains finding if {
	some container in workloads.containers(input.object)
	not workloads.is_windows(container)
	_drops_all(container)
	some i, capability in container.spec.securityContext.capabilities.add
	not trim_prefix(capability, "CAP_") in input.params.allowed
	finding := {
		"msg": sprintf("container %q adds the capability %v", [container.name, capability]),
		"at": workloads.at(container, ["securityContext", "capabilities", "add", i]),
	}
}

_drop := ["securityContext", "capabilities", "drop"]

_drops_all(container) if {
	some capability in container.spec.securityContext.capabilities.drop
	upper(capability) == "ALL"
}
