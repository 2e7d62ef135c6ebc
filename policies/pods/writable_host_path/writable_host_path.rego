# METADATA
# title: Container can write to its node
# description: Set readOnly to true where the volume is mounted.
# custom:
#   rationale: What a container changes on the node stays when it is gone, and others read it.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF
package policies.pods.writable_host_path

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, mount in container.spec.volumeMounts
	not mount.readOnly == true
	some path, _ in _paths(container.pod.spec.volumes)[mount.name]
	finding := {
		"msg": sprintf("container %q can write to the path %v of its node", [container.name, path]),
		"at": workloads.at(container, ["volumeMounts", i, "readOnly"]),
	}
}

# _paths are the paths of a node that volumes stand for, by the volumes' names.
_paths(volumes) := object.union_n([{volume.name: {volume.hostPath.path: true}} | some volume in volumes])
