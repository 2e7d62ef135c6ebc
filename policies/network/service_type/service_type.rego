# METADATA
# title: Service is open to the outside
# description: >-
#   Leave spec.type at ClusterIP and expose the host through the ingress, where TLS, authentication and logs are.
# custom:
#   rationale: A NodePort is open on every node, a LoadBalancer on an address of its own, and the ingress sees neither.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [core/Service]
#   params:
#     types:
#       description: The types of Services that only the platform itself should have.
#       default: [LoadBalancer, NodePort]
#   references:
#     - https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
package policies.network.service_type

deny contains finding if {
	input.object.spec.type in input.params.types
	finding := {
		"msg": sprintf("type is %q", [input.object.spec.type]),
		"at": ["spec", "type"],
	}
}
