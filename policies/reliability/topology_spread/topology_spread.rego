# METADATA
# title: Replicas may all stand in one zone
# description: >-
#   Add a constraint over the zone, or over what is one place at your site, to topologySpreadConstraints.
# custom:
#   rationale: Machines that share a rack, a power line or a switch are off together.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [apps/Deployment, apps/StatefulSet, argoproj.io/Rollout, apps.openshift.io/DeploymentConfig]
#   under: [reliability/anti-affinity]
#   params:
#     keys:
#       description: Labels of nodes that name a zone, a rack, or what else is off as one.
#       default: [topology.kubernetes.io/zone]
#   references:
#     - https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
package policies.reliability.topology_spread

import data.lib.workloads

deny contains finding if {
	input.object.spec.replicas > 1
	some pod in workloads.pods(input.object)
	not _spreads(pod.spec)
	finding := {
		"msg": sprintf("nothing spreads the %v replicas over %s", [input.object.spec.replicas, concat(" or ", input.params.keys)]),
		"at": workloads.at(pod, ["topologySpreadConstraints"]),
	}
}

_spreads(spec) if {
	some constraint in spec.topologySpreadConstraints
	constraint.topologyKey in input.params.keys
}

_spreads(spec) if {
	some term in spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
	term.topologyKey in input.params.keys
}

_spreads(spec) if {
	some term in spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution
	term.podAffinityTerm.topologyKey in input.params.keys
}
