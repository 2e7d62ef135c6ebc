# METADATA
# title: Pod mounts a path of its node
# description: Keep the data in a volume of a StorageClass, or in an emptyDir where it may be lost.
# custom:
#   rationale: What the pod writes there is on one node, survives it, and is read by others.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   under: [pods/runtime-socket, pods/sensitive-host-path]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.host_path

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	some i, volume in pod.spec.volumes
	path := volume.hostPath.path
	finding := {
		"msg": sprintf("volume %q is the path %v of its node", [volume.name, path]),
		"at": workloads.at(pod, ["volumes", i, "hostPath"]),
	}
}
