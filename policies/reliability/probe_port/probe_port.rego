# METADATA
# title: Probe asks a port that the container does not declare
# description: Declare the port under ports, or let the probe ask one that is.
# custom:
#   rationale: >-
#     A port by a name that does not exist fails each time; one by a number that is not declared is most often a
#     mistake.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package policies.reliability.probe_port

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	workloads.at(container, ["ports"]) # where nobody can declare any, none is missing
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	some handler in ["grpc", "httpGet", "tcpSocket"]
	port := container.spec[probe][handler].port
	not _declares(container.spec, port)
	finding := {
		"msg": sprintf("%s of container %q asks port %v, and its ports are %s", [probe, container.name, port, _ports(container.spec)]),
		"at": workloads.at(container, [probe, handler, "port"]),
	}
}

_declares(spec, port) if {
	some declared in spec.ports
	port in [declared.name, declared.containerPort]
}

_declares(spec, port) if {
	some declared in spec.ports
	port == declared.containerPort
}

# Without any ports a number may well be right.
_declares(spec, port) if {
	is_number(port)
	object.get(spec, "ports", null) in {null, []}
}

_ports(spec) := concat(", ", [sprintf("%v", [object.get(port, "name", object.get(port, "containerPort", ""))]) | some port in spec.ports]) if {
	count(spec.ports) > 0
} else := "none"
