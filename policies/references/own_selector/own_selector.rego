# METADATA
# title: Selector does not match the template
# description: >-
#   Give the pod template the labels that the selector asks for. The selector of a workload that is there already cannot
#   be changed.
# custom:
#   rationale: The API server refuses a workload that would not know its own pods.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/ReplicaSet, apps/StatefulSet, apps.openshift.io/DeploymentConfig, argoproj.io/Rollout, batch/CronJob, batch/Job, core/ReplicationController]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
package policies.references.own_selector

import data.lib.selectors
import data.lib.workloads

deny contains finding if {
	unmet := selectors.unmet(_selector, _labels)
	count(unmet) > 0
	finding := {
		"msg": sprintf("the selector wants %s, and the template's labels are %s", [
			concat(", ", {_shown(requirement) | some requirement in unmet}),
			workloads.text(_labels),
		]),
		"at": array.concat(_at, ["template", "metadata", "labels"]),
	}
}

# _at is where the selector and the template stand.
_at := ["spec", "jobTemplate", "spec"] if {
	input.object.kind == "CronJob"
} else := ["spec"]

_spec := object.get(input.object, _at, {})

# _labels are those of the template; it has none where they are null.
_labels := labels if {
	labels := object.get(_spec.template, ["metadata", "labels"], null)
	labels != null
} else := {} if {
	is_object(_spec.template)
}

# The oldest kinds have but a map.
_selector := {"matchLabels": _spec.selector} if {
	input.object.kind in {"DeploymentConfig", "ReplicationController"}
} else := _spec.selector

_shown(requirement) := concat(" ", array.concat([requirement.key, requirement.operator], _values(requirement)))

_values(requirement) := [workloads.text(requirement.values)] if {
	is_array(requirement.values)
} else := []
