# METADATA
# title: Replicas may all stand on one node
# description: >-
#   Set topologySpreadConstraints over kubernetes.io/hostname, or affinity.podAntiAffinity against the labels of the pods
#   themselves.
# custom:
#   rationale: When that node is off all replicas are.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [apps/Deployment, apps/StatefulSet, argoproj.io/Rollout, apps.openshift.io/DeploymentConfig]
#   references:
#     - https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
package policies.reliability.anti_affinity

import data.lib.selectors
import data.lib.workloads

deny contains finding if {
	input.object.spec.replicas > 1
	some pod in workloads.pods(input.object)
	not _spreads(pod.spec)
	finding := {
		"msg": sprintf("nothing keeps the %v replicas from standing on one node", [input.object.spec.replicas]),
		"at": workloads.at(pod, ["topologySpreadConstraints"]),
	}
}

_spreads(spec) if count(spec.topologySpreadConstraints) > 0

_spreads(spec) if {
	some terms in spec.affinity.podAntiAffinity
	some term in terms
	_selects_its_own(object.get(term, "podAffinityTerm", term))
}

# Pods that keep away from others' may stand together.
_selects_its_own(term) if {
	is_object(term.labelSelector)
	selectors.unmet(term.labelSelector, _labels) == set()
	not _looks_elsewhere(term)
}

_looks_elsewhere(term) if {
	count(term.namespaces) > 0
	not input.object.metadata.namespace in term.namespaces
	object.get(term, "namespaceSelector", null) == null
}

_labels := labels if {
	labels := input.object.spec.template.metadata.labels
	is_object(labels)
} else := {}
