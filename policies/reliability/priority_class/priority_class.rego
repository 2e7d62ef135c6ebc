# METADATA
# title: Pod has no priority
# description: Set priorityClassName.
# custom:
#   rationale: >-
#     When a node is full the kubelet and the scheduler take away whichever pod; with priorities, what matters least.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
package policies.reliability.priority_class

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	object.get(pod.spec, "priorityClassName", null) in {"", null}
	finding := {"msg": "priorityClassName is not set", "at": workloads.at(pod, ["priorityClassName"])}
}
