# METADATA
# title: Container has no memory limit
# description: Set resources.limits.memory to what the container may use at most.
# custom:
#   rationale: A leak without a limit takes the memory of the whole node, and with it every other pod there.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.memory_limits

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # these cannot have resources
	not workloads.limit(container, "memory")
	path := ["resources", "limits", "memory"]
	finding := {
		"msg": sprintf("container %q has no memory limit: resources.limits.memory is %s", [container.name, workloads.shown(container.spec, path)]),
		"at": workloads.at(container, path),
	}
}
