# METADATA
# title: Kind cannot have this restartPolicy
# description: Set Always, or leave it out, where pods go on; Never or OnFailure in a Job or CronJob.
# custom:
#   rationale: The API server refuses the object.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, batch/CronJob, batch/Job, core/ReplicationController]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
package policies.reliability.restart_policy

import data.lib.workloads

deny contains finding if {
	input.object.kind in {"CronJob", "Job"}
	some pod in workloads.pods(input.object)
	policy := object.get(pod.spec, "restartPolicy", null)
	not policy in {"Never", "OnFailure"}
	finding := {
		"msg": sprintf("restartPolicy of a %s is %s", [input.object.kind, workloads.shown(pod.spec, ["restartPolicy"])]),
		"at": workloads.at(pod, ["restartPolicy"]),
	}
}

deny contains finding if {
	not input.object.kind in {"CronJob", "Job"}
	some pod in workloads.pods(input.object)
	policy := pod.spec.restartPolicy
	not policy in {"", "Always", null}
	finding := {
		"msg": sprintf("restartPolicy of a %s is %s", [input.object.kind, workloads.text(policy)]),
		"at": workloads.at(pod, ["restartPolicy"]),
	}
}
