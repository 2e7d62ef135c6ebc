# METADATA
# title: Container has no limit of the disk
# description: Set resources.limits.ephemeral-storage, and the request if it is to be less.
# custom:
#   rationale: Logs and temporary files of one container fill the disk of the node, which then evicts others, too.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.ephemeral_storage

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # these cannot have resources
	not workloads.limit(container, "ephemeral-storage") # a request follows from it
	path := ["resources", "limits", "ephemeral-storage"]
	finding := {
		"msg": sprintf("container %q has no limit of the disk: resources.limits.ephemeral-storage is %s", [container.name, workloads.shown(container.spec, path)]),
		"at": workloads.at(container, path),
	}
}
