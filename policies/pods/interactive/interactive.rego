# METADATA
# title: Container waits for somebody at a terminal
# description: Remove stdin and tty; kubectl attach and debug bring their own.
# custom:
#   rationale: >-
#     Nobody sits there: a process that asks a question hangs, and whoever attaches types into the one that serves.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
package policies.pods.interactive

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # kubectl debug makes these so
	some field in ["stdin", "tty"]
	container.spec[field] == true
	finding := {
		"msg": sprintf("container %q has %s", [container.name, field]),
		"at": workloads.at(container, [field]),
	}
}
