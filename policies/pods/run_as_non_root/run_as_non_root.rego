# METADATA
# title: Container runs as root
# description: >-
#   Set securityContext.runAsNonRoot to true on the pod or the container, or runAsUser to the id of a user other than 0.
# custom:
#   rationale: Root in a container is root on the node as soon as anything lets the process out.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.run_as_non_root

import data.lib.workloads

deny contains finding if {
	some cause in {_cause(container) | some container in workloads.containers(input.object)}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	])
	finding := {
		"msg": sprintf("%s runs as root: securityContext.%s is %s", [whose, cause.field, _shown(cause)]),
		"at": cause.at,
	}
}

# _cause is the setting that lets a container run as root; undefined where none does.
_cause(container) := user if {
	not workloads.is_windows(container)
	user := workloads.security(container, "runAsUser")
	user.value == 0
} else := setting if {
	not workloads.is_windows(container)
	not is_number(workloads.security(container, "runAsUser").value)
	setting := workloads.security(container, "runAsNonRoot")
	setting.value != true
}

_shown(setting) := "not true" if {
	setting.value == null
} else := setting.shown
