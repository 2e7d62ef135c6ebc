# METADATA
# title: Container has no cpu limit
# description: Set resources.limits.cpu.
# custom:
#   rationale: >-
#     A container without one takes all the time that its node has to spare, and is measured by it when it has none.
#   severity: {small: off, medium: off, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.cpu_limits

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # these cannot have resources
	not workloads.limit(container, "cpu")
	path := ["resources", "limits", "cpu"]
	finding := {
		"msg": sprintf("container %q has no cpu limit: resources.limits.cpu is %s", [container.name, workloads.shown(container.spec, path)]),
		"at": workloads.at(container, path),
	}
}
