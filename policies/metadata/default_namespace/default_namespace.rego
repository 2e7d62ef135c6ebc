# METADATA
# title: Object stands in the namespace default
# description: Give the application a namespace of its own, by the kustomization or the destination of its Application.
# custom:
#   rationale: >-
#     What stands in default is nobody's. It has no quota and no network policy, and everything there reaches everything.
#   severity: {small: info, medium: warning, enterprise: error}
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
package policies.metadata.default_namespace

# _guards are the kinds that close the namespace default.
_guards := ["LimitRange", "NetworkPolicy", "ResourceQuota"]

deny contains finding if {
	input.object.metadata.namespace == "default"
	not input.object.kind in _guards
	not _leads_to_the_api_server
	finding := {
		"msg": "namespace is \"default\"",
		"at": ["metadata", "namespace"],
	}
}

# The API server stands there under this name.
_leads_to_the_api_server if {
	input.object.kind in ["EndpointSlice", "Endpoints", "Service"]
	input.object.metadata.name == "kubernetes"
}
