# METADATA
# title: Container may use many times what is set aside for it
# description: Raise the request, or lower the limit.
# custom:
#   rationale: The node is full long before the scheduler thinks so, and who suffers is decided by chance.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [pods]
#   params:
#     ratios:
#       description: How many times its request a limit may be, by resource.
#       default: {cpu: 10, memory: 2}
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.limit_ratio

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some resource, most in input.params.ratios
	limit := _amount(container.spec.resources.limits[resource])
	request := _amount(container.spec.resources.requests[resource])
	request > 0
	limit > request * most
	finding := {
		"msg": sprintf("container %q may use %v of %s, more than %v times its request %v", [
			container.name,
			container.spec.resources.limits[resource],
			resource,
			most,
			container.spec.resources.requests[resource],
		]),
		"at": workloads.at(container, ["resources", "limits", resource]),
	}
}

_amount(quantity) := quantity if {
	is_number(quantity)
} else := units.parse(quantity)
