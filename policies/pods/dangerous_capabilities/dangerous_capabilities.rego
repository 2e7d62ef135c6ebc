# METADATA
# title: Container adds a dangerous capability
# description: >-
#   Remove the capability from securityContext.capabilities.add, or give the container to a node of its own, with a
#   waiver.
# custom:
#   rationale: >-
#     With one of these a process can load modules, trace others, or change the network of its node: it is root there
#     in all but name.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     dangerous:
#       description: Capabilities that no container may add.
#       default: [ALL, BPF, DAC_READ_SEARCH, MAC_ADMIN, MAC_OVERRIDE, NET_ADMIN, PERFMON, SYSLOG, SYS_ADMIN, SYS_BOOT, SYS_MODULE, SYS_PTRACE, SYS_RAWIO, SYS_TIME]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.dangerous_capabilities

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, capability in container.spec.securityContext.capabilities.add
	trim_prefix(upper(capability), "CAP_") in input.params.dangerous
	finding := {
		"msg": sprintf("container %q adds the capability %s", [container.name, capability]),
		"at": workloads.at(container, ["securityContext", "capabilities", "add", i]),
	}
}
