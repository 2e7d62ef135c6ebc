# METADATA
# title: Container sees all of /proc
# description: Remove securityContext.procMount.
# custom:
#   rationale: The paths that the runtime hides below /proc tell about the node, and some of them change it.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.proc_mount

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	mount := container.spec.securityContext.procMount
	not mount in {"", "Default", null}
	finding := {
		"msg": sprintf("container %q sees all of /proc: securityContext.procMount is %s", [container.name, workloads.text(mount)]),
		"at": workloads.at(container, ["securityContext", "procMount"]),
	}
}
