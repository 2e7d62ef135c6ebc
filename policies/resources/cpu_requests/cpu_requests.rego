# METADATA
# title: Container requests no cpu
# description: Set resources.requests.cpu to what the container uses on an ordinary day.
# custom:
#   rationale: Without a request the scheduler takes a container for weightless, and its neighbours take its time.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.resources.cpu_requests

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list != "ephemeralContainers" # these cannot have resources
	not workloads.request(container, "cpu")
	path := ["resources", "requests", "cpu"]
	finding := {
		"msg": sprintf("container %q requests no cpu: resources.requests.cpu is %s", [container.name, workloads.shown(container.spec, path)]),
		"at": workloads.at(container, path),
	}
}
