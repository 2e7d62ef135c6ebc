# METADATA
# title: Container listens on a port below 1024
# description: Listen on a port from 1024 on; the Service can have any port.
# custom:
#   rationale: To open such a port a process is root, has the capability NET_BIND_SERVICE, or needs a sysctl.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
package policies.pods.privileged_ports

import data.lib.workloads

# In the network of the node the port is the node's: that is pods/host-network's.
deny contains finding if {
	some container in workloads.containers(input.object)
	not container.pod.spec.hostNetwork == true
	some i, port in container.spec.ports
	is_number(port.containerPort)
	port.containerPort < 1024
	finding := {
		"msg": sprintf("container %q listens on port %v", [container.name, port.containerPort]),
		"at": workloads.at(container, ["ports", i, "containerPort"]),
	}
}
