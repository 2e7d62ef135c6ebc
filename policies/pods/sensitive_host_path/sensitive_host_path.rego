# METADATA
# title: Pod mounts what its node lives by
# description: Remove the volume, or mount the one file that the pod needs, read-only.
# custom:
#   rationale: With these files at hand a pod reads the secrets of all others on the node, or becomes root there.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   under: [pods/runtime-socket]
#   params:
#     sensitive:
#       description: Paths of nodes that no pod mounts, each with all below it; the root is meant alone.
#       default: [/, /boot, /dev, /etc, /home, /lib, /lib64, /proc, /root, /run, /sys, /usr, /var/lib/containerd, /var/lib/docker, /var/lib/etcd, /var/lib/kubelet, /var/log, /var/run]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF
package policies.pods.sensitive_host_path

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	some i, volume in pod.spec.volumes
	path := volume.hostPath.path
	is_string(path)
	some entry in input.params.sensitive
	_covers(entry, _clean(path))
	finding := {
		"msg": sprintf("volume %q is the path %s of its node", [volume.name, path]),
		"at": workloads.at(pod, ["volumes", i, "hostPath", "path"]),
	}
}

# The root is meant alone: no clean path begins with two slashes.
_covers(entry, path) if entry == path

_covers(entry, path) if startswith(path, sprintf("%s/", [entry]))

# _clean is a path without doubled slashes and one at its end; with "..", it may lead anywhere: that is the root.
_clean(path) := "/" if {
	".." in split(path, "/")
} else := sprintf("/%s", [concat("/", [part | some part in split(path, "/"); not part in {"", "."}])])
