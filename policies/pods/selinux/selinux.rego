# METADATA
# title: Container has SELinux options of its own
# description: Remove user and role from securityContext.seLinuxOptions, and any type but that of a container.
# custom:
#   rationale: >-
#     Another type or role is another set of rules: one such as spc_t has none at all.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.selinux

import data.lib.workloads

deny contains finding if {
	some cause in {workloads.security(container, "seLinuxOptions") | some container in workloads.containers(input.object)}
	some field in _faults(cause.value)
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		workloads.security(container, "seLinuxOptions") == cause
	])
	finding := {
		"msg": sprintf("%s has the SELinux %s %s", [whose, field, workloads.text(cause.value[field])]),
		"at": array.concat(cause.at, [field]),
	}
}

_faults(options) := {field |
	some field in ["role", "user"]
	not object.get(options, field, null) in {"", null}
} | {field |
	field := "type"
	not object.get(options, field, null) in {"", null, "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
}
