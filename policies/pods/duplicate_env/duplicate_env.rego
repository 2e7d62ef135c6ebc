# METADATA
# title: Container has a variable twice
# description: Remove one of the two.
# custom:
#   rationale: The last one holds, server-side apply refuses both, and a patch changes whichever it finds.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [pods]
package policies.pods.duplicate_env

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, variable in container.spec.env
	variable.name in [other.name |
		some j, other in container.spec.env
		j < i
	]
	finding := {
		"msg": sprintf("container %q has the variable %v twice", [container.name, variable.name]),
		"at": workloads.at(container, ["env", i, "name"]),
	}
}
