# METADATA
# title: Everybody who may edit may write endpoints
# description: >-
#   Take endpoints and endpointslices out of what is aggregated to edit and admin, and grant them in a role of their own
#   to the program that writes them.
# custom:
#   rationale: >-
#     Who writes the endpoints of a Service leads its traffic, or that of an ingress controller, to addresses in other
#     namespaces (CVE-2021-25740).
#   severity: {small: off, medium: info, enterprise: info}
#   kinds: [rbac.authorization.k8s.io/ClusterRole]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/reference/access-authn-authz/rbac/#write-access-for-endpoints
package policies.rbac.aggregated_endpoints

import data.lib.rbac

_permissions := {
	"": {"endpoints": {"create", "patch", "update"}},
	"discovery.k8s.io": {"endpointslices": {"create", "patch", "update"}},
}

deny contains finding if {
	roles := [sprintf("%q", [role]) |
		some role in ["admin", "edit"]
		input.object.metadata.labels[sprintf("rbac.authorization.k8s.io/aggregate-to-%s", [role])] == "true"
	]
	count(roles) > 0
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("all who have the role %s get %s", [concat(" or ", roles), grant.text]),
		"at": grant.at,
	}
}
