# METADATA
# title: Pod runs as a process of its Windows node
# description: Remove securityContext.windowsOptions.hostProcess.
# custom:
#   rationale: >-
#     Such a container is no container: it has the rights of a service of the node.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.windows_host_process

import data.lib.workloads

deny contains finding if {
	some cause in {_cause(container) | some container in workloads.containers(input.object)}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	])
	finding := {
		"msg": sprintf("%s runs as a process of its node: securityContext.windowsOptions.hostProcess is true", [whose]),
		"at": array.concat(cause.at, ["hostProcess"]),
	}
}

_cause(container) := setting if {
	setting := workloads.security(container, "windowsOptions")
	setting.value.hostProcess == true
}
