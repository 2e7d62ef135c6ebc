# METADATA
# title: Container runs as root
# description: >-
#   Set securityContext.runAsNonRoot to true on the pod or the container, or runAsUser to the id of a user other than 0.
# custom:
#   rationale: Root in a container is root on the node as soon as anything lets the process out.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.run_as_non_root

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	cause := _cause(container)
	cause.of == "container"
	finding := {
		"msg": sprintf("container %q runs as root: securityContext.%s is %s", [container.name, cause.field, _shown(cause.value)]),
		"at": cause.at,
	}
}

# What the pod sets is one cause, however many containers inherit it.
deny contains finding if {
	some cause in {cause |
		some container in workloads.containers(input.object)
		cause := _cause(container)
		cause.of == "pod"
	}
	names := [sprintf("%q", [container.name]) |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	]
	finding := {
		"msg": sprintf("pod runs %s as root: securityContext.%s is %s", [concat(", ", names), cause.field, _shown(cause.value)]),
		"at": cause.at,
	}
}

# _cause is the setting that lets a container run as root; undefined where none does.
_cause(container) := setting if {
	not _is_windows
	setting := workloads.security(input.object, container, "runAsUser")
	setting.value == 0
}

_cause(container) := setting if {
	not _is_windows
	not _names_user(container)
	setting := _non_root(container)
	setting.value != true
}

_names_user(container) if is_number(workloads.security(input.object, container, "runAsUser").value)

_non_root(container) := setting if {
	setting := workloads.security(input.object, container, "runAsNonRoot")
} else := {
	"field": "runAsNonRoot",
	"of": "container",
	"value": null,
	"at": array.concat(container.at, ["securityContext", "runAsNonRoot"]),
}

_shown(value) := "not true" if {
	value == null
} else := workloads.text(value)

_is_windows if workloads.pod(input.object).os.name == "windows"
