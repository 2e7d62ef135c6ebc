# METADATA
# title: Container takes a port of its node
# description: Remove hostPort, and reach the pod by a Service.
# custom:
#   rationale: >-
#     Only one pod a node can have the port, and whoever reaches the node reaches the container, past all
#     NetworkPolicies of Services.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.host_port

import data.lib.workloads

# In the network of the node each port is one of its own: that is pods/host-network's.
deny contains finding if {
	some container in workloads.containers(input.object)
	not container.pod.spec.hostNetwork == true
	some i, port in container.spec.ports
	port.hostPort > 0
	finding := {
		"msg": sprintf("container %q takes port %v of its node", [container.name, port.hostPort]),
		"at": workloads.at(container, ["ports", i, "hostPort"]),
	}
}
