# METADATA
# title: Pod reaches the container runtime of its node
# description: Remove the volume; builders and agents that work without the runtime's socket exist.
# custom:
#   rationale: Whoever talks to the runtime starts any container on the node, a privileged one too.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF
package policies.pods.runtime_socket

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	some i, volume in pod.spec.volumes
	path := volume.hostPath.path
	some part in split(path, "/")
	part in _sockets
	finding := {
		"msg": sprintf("volume %q is the socket of the container runtime: %s", [volume.name, path]),
		"at": workloads.at(pod, ["volumes", i, "hostPath", "path"]),
	}
}

_sockets := {"containerd.sock", "containerd.sock.ttrpc", "cri-dockerd.sock", "crio.sock", "docker.sock", "dockershim.sock", "podman.sock"}
