# METADATA
# title: Container calls sudo
# description: Start the container as the user that the process needs, and remove sudo.
# custom:
#   rationale: >-
#     Where sudo works, a process that is broken into is root, and allowPrivilegeEscalation cannot be false.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [pods]
package policies.pods.sudo

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some path in [
		["command"],
		["args"],
		["lifecycle", "postStart", "exec", "command"],
		["lifecycle", "preStop", "exec", "command"],
		["livenessProbe", "exec", "command"],
		["readinessProbe", "exec", "command"],
		["startupProbe", "exec", "command"],
	]
	some i, text in object.get(container.spec, path, [])
	regex.match(`(^|[/\s;&|(])sudo($|\s)`, text)
	finding := {
		"msg": sprintf("container %q calls sudo", [container.name]),
		"at": workloads.at(container, array.concat(path, [i])),
	}
}
