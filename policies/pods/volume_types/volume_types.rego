# METADATA
# title: Pod mounts a volume of another kind than a pod needs
# description: Use a PersistentVolumeClaim, whose StorageClass knows where the data is.
# custom:
#   rationale: >-
#     Volumes that name a server or a driver in the pod go past the StorageClasses, and most of these drivers have
#     been removed.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     allowed:
#       description: Kinds of volumes that pods may have, by their fields.
#       default: [configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
package policies.pods.volume_types

import data.lib.workloads

# hostPath has policies of its own.
deny contains finding if {
	some pod in workloads.pods(input.object)
	some i, volume in pod.spec.volumes
	some source, value in volume
	not source in {"name", "hostPath"}
	value != null
	not source in input.params.allowed
	finding := {
		"msg": sprintf("volume %q is of the kind %s", [volume.name, source]),
		"at": workloads.at(pod, ["volumes", i, source]),
	}
}
