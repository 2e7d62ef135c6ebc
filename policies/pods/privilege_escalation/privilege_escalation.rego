# METADATA
# title: Container may gain rights
# description: Set securityContext.allowPrivilegeEscalation to false.
# custom:
#   rationale: >-
#     A program with the setuid bit, or one that is broken into, becomes root although the container was started as
#     somebody else.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.privilege_escalation

import data.lib.workloads

# A privileged container has all rights already, and the API server refuses both together.
deny contains finding if {
	some container in workloads.containers(input.object)
	not workloads.is_windows(container)
	not container.spec.securityContext.privileged == true
	setting := workloads.security(container, "allowPrivilegeEscalation")
	setting.value != false
	finding := {
		"msg": sprintf("container %q may gain rights: securityContext.allowPrivilegeEscalation is %s", [container.name, setting.shown]),
		"at": workloads.at(container, ["securityContext", "allowPrivilegeEscalation"]),
	}
}
