# METADATA
# title: Container runs without AppArmor
# description: Remove the profile Unconfined, so that the default of the runtime holds, or name one of the node.
# custom:
#   rationale: >-
#     AppArmor keeps a container from mounting and from writing to the settings of the kernel, even as root.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tutorials/security/apparmor/
package policies.pods.apparmor

import data.lib.workloads

deny contains finding if {
	some cause in {_cause(container) | some container in workloads.containers(input.object)}
	whose := workloads.whose(cause, [container |
		some container in workloads.containers(input.object)
		_cause(container) == cause
	])
	finding := {
		"msg": sprintf("%s runs without AppArmor: securityContext.appArmorProfile.type is %s", [whose, workloads.text(cause.value.type)]),
		"at": cause.at,
	}
}

# Until Kubernetes 1.30 an annotation of the pod said it.
deny contains finding if {
	some meta in workloads.metadata(input.object)
	some name, profile in meta.value.annotations
	startswith(name, "container.apparmor.security.beta.kubernetes.io/")
	not profile in {"", "runtime/default"}
	not startswith(profile, "localhost/")
	finding := {
		"msg": sprintf("annotation %s has the profile %s", [name, workloads.text(profile)]),
		"at": array.concat(meta.at, ["annotations", name]),
	}
}

_cause(container) := setting if {
	setting := workloads.security(container, "appArmorProfile")
	not object.get(setting.value, "type", null) in {"RuntimeDefault", "Localhost"}
}
