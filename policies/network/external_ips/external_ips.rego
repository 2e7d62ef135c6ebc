# METADATA
# title: Service takes addresses for itself
# description: Remove spec.externalIPs, and let a LoadBalancer or the ingress give the address.
# custom:
#   rationale: Who may write a Service with externalIPs gets the traffic that others send to these addresses (CVE-2020-8554).
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [core/Service]
#   references:
#     - https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
package policies.network.external_ips

import data.lib.workloads

deny contains finding if {
	addresses := input.object.spec.externalIPs
	is_array(addresses)
	count(addresses) > 0
	finding := {
		"msg": sprintf("externalIPs is %s", [workloads.text(addresses)]),
		"at": ["spec", "externalIPs"],
	}
}
