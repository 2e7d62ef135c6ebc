# METADATA
# title: Container is privileged
# description: Remove securityContext.privileged, and add the single capabilities that the process needs instead.
# custom:
#   rationale: A privileged container sees every device of its node and is held back by nothing.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.privileged

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.spec.securityContext.privileged == true
	finding := {
		"msg": sprintf("container %q is privileged: securityContext.privileged is true", [container.name]),
		"at": workloads.at(container, ["securityContext", "privileged"]),
	}
}
