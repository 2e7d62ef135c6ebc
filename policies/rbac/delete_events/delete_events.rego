# METADATA
# title: Role deletes events
# description: >-
#   Take delete and deletecollection of events out of the role: they are deleted after an hour anyway.
# custom:
#   rationale: >-
#     Events are the trace of what was done in a cluster, and who covers tracks deletes them.
#   severity: {small: off, medium: info, enterprise: info}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
package policies.rbac.delete_events

import data.lib.rbac

_permissions := {
	"": {"events": {"delete", "deletecollection"}},
	"events.k8s.io": {"events": {"delete", "deletecollection"}},
}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
