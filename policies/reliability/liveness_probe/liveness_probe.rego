# METADATA
# title: Container has no liveness probe
# description: Set livenessProbe to something that fails when only a restart helps.
# custom:
#   rationale: A process that hangs is started anew by somebody who notices, or by the probe.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package policies.reliability.liveness_probe

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	container.list == "containers"
	workloads.goes_on(input.object, container.pod)
	object.get(container.spec, "livenessProbe", null) == null
	finding := {
		"msg": sprintf("container %q has no livenessProbe", [container.name]),
		"at": workloads.at(container, ["livenessProbe"]),
	}
}
