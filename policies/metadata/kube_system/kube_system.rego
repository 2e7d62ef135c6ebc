# METADATA
# title: Workload stands among those of Kubernetes
# description: >-
#   Give the workload a namespace of its own; a part of the platform that every pod needs has a priorityClassName of
#   system-node-critical or system-cluster-critical.
# custom:
#   rationale: In kube-system stand the ServiceAccounts with the widest rights, and the policies of most clusters leave it out.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, batch/CronJob, batch/Job, core/Pod, core/ReplicationController]
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
package policies.metadata.kube_system

import data.lib.workloads

deny contains finding if {
	input.object.metadata.namespace == "kube-system"
	not _is_needed_by_all
	finding := {
		"msg": "namespace is \"kube-system\"",
		"at": ["metadata", "namespace"],
	}
}

_is_needed_by_all if {
	some pod in workloads.pods(input.object)
	pod.spec.priorityClassName in ["system-cluster-critical", "system-node-critical"]
}
