# METADATA
# title: Role creates pods
# description: >-
#   Let people and programs change what is deployed through Git, and keep this right for the controllers that need it.
# custom:
#   rationale: >-
#     Who creates a pod, or what makes one, runs code with any ServiceAccount, Secret and volume of that namespace.
#   severity: {small: off, medium: info, enterprise: info}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.4
package policies.rbac.create_pods

import data.lib.rbac

# _permissions are those to create what pods come from.
_permissions := {
	"": {"pods": {"create"}, "replicationcontrollers": {"create"}},
	"apps": {"daemonsets": {"create"}, "deployments": {"create"}, "replicasets": {"create"}, "statefulsets": {"create"}},
	"batch": {"cronjobs": {"create"}, "jobs": {"create"}},
}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
