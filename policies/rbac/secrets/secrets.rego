# METADATA
# title: Role reads every Secret
# description: >-
#   Name the Secrets under resourceNames, or take the right away: most programs get theirs mounted.
# custom:
#   rationale: >-
#     Who reads every Secret has every password and token there is, and list and watch show the values as get does.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.2
package policies.rbac.secrets

import data.lib.rbac

_permissions := {"": {"secrets": {"get", "list", "watch"}}}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
