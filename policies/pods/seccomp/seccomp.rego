# METADATA
# title: Container may make every system call
# description: Set securityContext.seccompProfile.type to RuntimeDefault on the pod.
# custom:
#   rationale: Of the hundreds of calls to the kernel a process needs a few; the others are where it breaks out.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tutorials/security/seccomp/
package policies.pods.seccomp

import data.lib.workloads

deny contains finding if {
	some cause in {_cause(container) | some container in workloads.containers(input.object)}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	])
	finding := {
		"msg": sprintf("%s may make every system call: securityContext.seccompProfile is %s", [whose, cause.shown]),
		"at": cause.at,
	}
}

_cause(container) := setting if {
	not workloads.is_windows(container)
	setting := workloads.security(container, "seccompProfile")
	not object.get(setting, ["value", "type"], null) in {"RuntimeDefault", "Localhost"}
}
