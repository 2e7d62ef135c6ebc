# METADATA
# title: NetworkPolicy lets everybody in or out
# description: >-
#   Name the peers by podSelector, namespaceSelector or ipBlock; ipBlock 0.0.0.0/0 says that the whole world is meant.
# custom:
#   rationale: A rule without peers allows every address there is, which is rarely what its author had in mind.
#   severity: {small: off, medium: warning, enterprise: warning}
#   kinds: [networking.k8s.io/NetworkPolicy]
#   references:
#     - https://kubernetes.io/docs/concepts/services-networking/network-policies/
package policies.network.open_policy

_directions := [
	{"type": "Ingress", "rules": "ingress", "peers": "from"},
	{"type": "Egress", "rules": "egress", "peers": "to"},
]

deny contains finding if {
	some direction in _directions
	_counts(direction.type)
	is_array(input.object.spec[direction.rules])
	some i, rule in input.object.spec[direction.rules]
	_names_nobody(rule, direction.peers)
	finding := {
		"msg": sprintf("%s[%d] has no %s: it allows all", [direction.rules, i, direction.peers]),
		"at": ["spec", direction.rules, i, direction.peers],
	}
}

# _counts says whether the policy is about a direction. Where it does not say, it is about those that it has rules for.
_counts(type) if {
	object.get(input.object.spec, "policyTypes", null) in [null, []]
}

_counts(type) if type in input.object.spec.policyTypes

_names_nobody(null, _)

_names_nobody(rule, peers) if object.get(rule, peers, null) in [null, []]
