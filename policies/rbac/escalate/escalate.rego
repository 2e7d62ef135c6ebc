# METADATA
# title: Role gives rights that it does not have
# description: >-
#   Take bind, escalate and impersonate out of the role, or name under resourceNames the few roles and users it is about.
# custom:
#   rationale: >-
#     These verbs pass by the check that nobody grants more than they have: each is a way to all rights there are.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.8
package policies.rbac.escalate

import data.lib.rbac

_permissions := {
	"": {"groups": {"impersonate"}, "serviceaccounts": {"impersonate"}, "users": {"impersonate"}},
	"rbac.authorization.k8s.io": {"clusterroles": {"bind", "escalate"}, "roles": {"bind", "escalate"}},
}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
