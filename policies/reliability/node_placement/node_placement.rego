# METADATA
# title: Pod does not say on which nodes it may stand
# description: Set nodeSelector or affinity.nodeAffinity.
# custom:
#   rationale: >-
#     Where machines differ, in disks, processors or place, a pod without one stands on whichever has room.
#   severity: {small: off, medium: off, enterprise: off}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
package policies.reliability.node_placement

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	object.get(pod.spec, "nodeSelector", null) in {null, {}}
	object.get(pod.spec, ["affinity", "nodeAffinity"], null) in {null, {}}
	object.get(pod.spec, "nodeName", null) in {null, ""}
	finding := {"msg": "neither nodeSelector nor affinity.nodeAffinity is set", "at": workloads.at(pod, ["nodeSelector"])}
}
