# METADATA
# title: Ingress takes every host
# description: Set the host of each rule.
# custom:
#   rationale: A rule without a host answers for every name that leads to the ingress, those of other teams among them.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [networking.k8s.io/Ingress]
#   references:
#     - https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules
package policies.network.wildcard_host

import data.lib.workloads

deny contains finding if {
	is_array(input.object.spec.rules)
	some i, rule in input.object.spec.rules
	_host(rule) in [null, "", "*"]
	path := ["spec", "rules", i, "host"]
	finding := {
		"msg": sprintf("rules[%d] takes every host: host is %s", [i, workloads.shown(input.object, path)]),
		"at": path,
	}
}

deny contains finding if {
	object.get(input.object.spec, "rules", null) in [null, []]
	object.get(input.object.spec, "defaultBackend", null) != null
	finding := {
		"msg": "defaultBackend takes every host: there are no rules",
		"at": ["spec", "defaultBackend"],
	}
}

# A rule that is null, or no object, is somebody else's to judge.
_host(rule) := object.get(rule, "host", null)
