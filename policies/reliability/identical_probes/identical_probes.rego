# METADATA
# title: Liveness and readiness ask the same
# description: Let the liveness probe ask something else, or fail later than readiness does.
# custom:
#   rationale: >-
#     What is only too busy to answer is taken off its Service, which helps, and killed in the same moment, which does
#     not.
#   severity: {small: info, medium: info, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package policies.reliability.identical_probes

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	liveness := container.spec.livenessProbe
	readiness := container.spec.readinessProbe
	some handler in ["exec", "grpc", "httpGet", "tcpSocket"]
	liveness[handler] == readiness[handler]
	_patience(liveness) <= _patience(readiness)
	finding := {
		"msg": sprintf("livenessProbe and readinessProbe of container %q ask the same, and give up after %v seconds", [container.name, _patience(liveness)]),
		"at": workloads.at(container, ["livenessProbe"]),
	}
}

# _patience is after how many seconds without an answer a probe has failed, by the API server's defaults.
_patience(probe) := object.get(probe, "failureThreshold", 3) * object.get(probe, "periodSeconds", 10)
