# METADATA
# title: Role opens shells in pods
# description: >-
#   Take pods/exec, pods/attach and pods/portforward out of the role, and give them for the time of an incident.
# custom:
#   rationale: >-
#     A shell in a pod has all that the pod has, its token and its network among it, and no review sees what is done there.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
package policies.rbac.exec

import data.lib.rbac

# _permissions are those on the subresources that lead into a pod: get opens one as create does.
_permissions := {"": {
	"pods/attach": {"create", "get"},
	"pods/ephemeralcontainers": {"patch", "update"},
	"pods/exec": {"create", "get"},
	"pods/portforward": {"create", "get"},
}}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
