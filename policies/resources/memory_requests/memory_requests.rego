# METADATA
# title: Container requests no memory
# description: Set resources.requests.memory to what the container uses on an ordinary day.
# custom:
#   rationale: Without a request the scheduler overfills nodes, and the kubelet evicts this container first.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.memory_requests

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # these cannot have resources
	not workloads.request(container, "memory")
	path := ["resources", "requests", "memory"]
	finding := {
		"msg": sprintf("container %q requests no memory: resources.requests.memory is %s", [container.name, workloads.shown(container.spec, path)]),
		"at": workloads.at(container, path),
	}
}
