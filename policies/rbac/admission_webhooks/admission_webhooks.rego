# METADATA
# title: Role changes admission webhooks
# description: >-
#   Name the one configuration that the program owns under resourceNames, or take the right away.
# custom:
#   rationale: >-
#     Who writes a webhook sees and changes all objects that anybody writes, Secrets among them, or stops the cluster.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.12
package policies.rbac.admission_webhooks

import data.lib.rbac

_permissions := {"admissionregistration.k8s.io": {
	"mutatingwebhookconfigurations": _changes,
	"validatingwebhookconfigurations": _changes,
}}

_changes := {"create", "delete", "deletecollection", "patch", "update"}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
