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
	variables := sort([[variable.name, i] | some i, variable in container.spec.env])
	some n, [name, i] in variables
	variables[n - 1][0] == name
	finding := {
		"msg": sprintf("container %q has the variable %v twice", [container.name, name]),
		"at": workloads.at(container, ["env", i, "name"]),
	}
}
