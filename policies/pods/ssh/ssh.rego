# METADATA
# title: Container serves SSH
# description: >-
#   Remove the server; kubectl exec and ephemeral containers lead into a container, and RBAC says whose.
# custom:
#   rationale: A second way in has passwords and keys of its own, and no audit log of the cluster sees it.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [pods]
package policies.pods.ssh

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, port in container.spec.ports
	port.containerPort == 22
	finding := {
		"msg": sprintf("container %q listens on port 22", [container.name]),
		"at": workloads.at(container, ["ports", i, "containerPort"]),
	}
}

deny contains finding if {
	some container in workloads.containers(input.object)
	some field in ["command", "args"]
	some i, text in container.spec[field]
	regex.match(`(^|[/\s;&|])sshd($|[\s;&|])`, text)
	finding := {
		"msg": sprintf("container %q starts sshd", [container.name]),
		"at": workloads.at(container, [field, i]),
	}
}
