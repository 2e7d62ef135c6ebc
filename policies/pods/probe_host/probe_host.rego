# METADATA
# title: Probe or hook asks another host than its pod
# description: Remove host, and put the address of the pod into what listens.
# custom:
#   rationale: The kubelet asks from the node, so that a pod makes it reach what only the node may.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.probe_host

import data.lib.workloads

# In the network of the node, the pod's own address is the node's: that is pods/host-network's.
deny contains finding if {
	some container in workloads.containers(input.object)
	not container.pod.spec.hostNetwork == true
	some path in [["livenessProbe"], ["readinessProbe"], ["startupProbe"], ["lifecycle", "postStart"], ["lifecycle", "preStop"]]
	some handler, asked in object.get(container.spec, path, {})
	host := asked.host
	not host in {"", null}
	finding := {
		"msg": sprintf("%s of container %q asks the host %v", [concat(".", path), container.name, host]),
		"at": workloads.at(container, array.concat(path, [handler, "host"])),
	}
}
