# METADATA
# title: Role reaches the nodes or signs credentials
# description: >-
#   Take the right away; where a program makes tokens of its own ServiceAccounts, name these under resourceNames. For metrics of the kubelet nodes/metrics is enough.
# custom:
#   rationale: >-
#     These rights lead past all others: the proxy of a node runs commands in every pod there, a signed certificate or a token is whoever its owner wants to be.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   under: [rbac/wildcard]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.10
#     - CIS Kubernetes Benchmark 5.1.11
#     - CIS Kubernetes Benchmark 5.1.13
package policies.rbac.node_access

import data.lib.rbac

# The kubelet takes even a get by the proxy of its node for the right to run commands.
_permissions := {
	"": {
		"nodes/proxy": {"create", "delete", "get", "patch", "update"},
		"serviceaccounts/token": {"create"},
	},
	"certificates.k8s.io": {"certificatesigningrequests/approval": {"patch", "update"}},
}

deny contains finding if {
	some grant in rbac.grants(input.object, _permissions)
	finding := {
		"msg": sprintf("the rule grants %s", [grant.text]),
		"at": grant.at,
	}
}
