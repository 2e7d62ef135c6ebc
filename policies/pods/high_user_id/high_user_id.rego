# METADATA
# title: Container runs as a user that the node may have, too
# description: Set securityContext.runAsUser and runAsGroup to ids from 10000 on.
# custom:
#   rationale: Where a process gets out, it has the files of the user of the node with the same id.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [pods]
#   params:
#     min:
#       description: Lowest id that is high enough.
#       default: 10000
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.high_user_id

import data.lib.workloads

# User 0 is pods/run-as-non-root's, group 0 is pods/root-group's.
deny contains finding if {
	some cause in {cause |
		some container in workloads.containers(input.object)
		some cause in _causes(container)
	}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		some same in _causes(container)
		same == cause
	])
	finding := {
		"msg": sprintf("%s has a low id: securityContext.%s is %s", [whose, cause.field, cause.shown]),
		"at": cause.at,
	}
}

_causes(container) := {setting |
	not workloads.is_windows(container)
	some field in ["runAsUser", "runAsGroup"]
	setting := workloads.security(container, field)
	setting.value != 0
	not _is_high(setting.value)
}

_is_high(id) if {
	is_number(id)
	id >= input.params.min
}
