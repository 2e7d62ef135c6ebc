# METADATA
# title: Container is in the group of root
# description: Set runAsGroup, supplementalGroups and fsGroup to other ids than 0.
# custom:
#   rationale: Many files of an image, and of the node, may be read or written by the group of root.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.root_group

import data.lib.workloads

deny contains finding if {
	some cause in {_cause(container) | some container in workloads.containers(input.object)}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	])
	finding := {
		"msg": sprintf("%s is in the group of root: securityContext.runAsGroup is 0", [whose]),
		"at": cause.at,
	}
}

deny contains finding if {
	some pod in workloads.pods(input.object)
	some path in array.concat([["fsGroup"]], [["supplementalGroups", i] | some i, _ in pod.spec.securityContext.supplementalGroups])
	object.get(pod.spec.securityContext, path, null) == 0
	finding := {
		"msg": sprintf("pod is in the group of root: securityContext.%s is 0", [path[0]]),
		"at": workloads.at(pod, array.concat(["securityContext"], path)),
	}
}

_cause(container) := setting if {
	setting := workloads.security(container, "runAsGroup")
	setting.value == 0
}
