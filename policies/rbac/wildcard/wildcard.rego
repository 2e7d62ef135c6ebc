# METADATA
# title: Role grants by a wildcard
# description: Name the API groups, resources and verbs that are needed; what the API server refuses says which are lacking.
# custom:
#   rationale: An asterisk grants also what is installed next year, and nobody sees from it what the program does.
#   severity: {small: info, medium: warning, enterprise: warning}
#   kinds: [rbac.authorization.k8s.io/ClusterRole, rbac.authorization.k8s.io/Role]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.3
package policies.rbac.wildcard

import data.lib.rbac

deny contains finding if {
	some own in rbac.rules(input.object)
	fields := rbac.wildcards(own.rule)
	finding := {
		"msg": sprintf("the rule has * in %s", [concat(", ", fields)]),
		"at": array.concat(own.at, [fields[0]]),
	}
}
