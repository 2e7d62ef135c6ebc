# METADATA
# title: Container says nothing about what it may do
# description: Set securityContext on the pod and its containers; the other rules of pods say which fields.
# custom:
#   rationale: What is not set is what the image and the runtime happen to bring.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [pods]
#   under: [pods/drop-all-capabilities, pods/privilege-escalation, pods/read-only-root, pods/run-as-non-root, pods/seccomp]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.security_context

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	object.get(container.spec, "securityContext", null) in {null, {}}
	object.get(container.pod.spec, "securityContext", null) in {null, {}}
	finding := {
		"msg": sprintf("container %q has no securityContext, nor has its pod", [container.name]),
		"at": workloads.at(container, ["securityContext"]),
	}
}
