# METADATA
# title: Container that serves has no readiness probe
# description: Set readinessProbe to something that fails while the container cannot answer.
# custom:
#   rationale: Without one a Service sends requests to a container as soon as it is started, and while it is stuck.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package policies.reliability.readiness_probe

import data.lib.workloads

# Who has a port, serves.
deny contains finding if {
	some container in workloads.containers(input.object)
	container.list == "containers"
	workloads.goes_on(input.object, container.pod)
	count(container.spec.ports) > 0
	object.get(container.spec, "readinessProbe", null) == null
	finding := {
		"msg": sprintf("container %q has no readinessProbe", [container.name]),
		"at": workloads.at(container, ["readinessProbe"]),
	}
}
