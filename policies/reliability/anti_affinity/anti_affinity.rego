# METADATA
# title: Replicas may all stand on one node
# description: Set topologySpreadConstraints over kubernetes.io/hostname, or affinity.podAntiAffinity.
# custom:
#   rationale: When that node is off all replicas are.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [apps/Deployment, apps/StatefulSet, argoproj.io/Rollout, apps.openshift.io/DeploymentConfig]
#   references:
#     - https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
package policies.reliability.anti_affinity

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
	count(terms) > 0
}
