# METADATA
# title: Rights for everybody, or for those whom nothing holds back
# description: Bind the role to the users, groups and ServiceAccounts that need it, by their names.
# custom:
#   rationale: >-
#     Who reaches the API server is anonymous and unauthenticated before any login, and nothing takes back what the group
#     of masters may.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [rbac.authorization.k8s.io/ClusterRoleBinding, rbac.authorization.k8s.io/RoleBinding]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.7
package policies.rbac.anonymous

_everybody := {
	"Group": ["system:masters", "system:unauthenticated"],
	"User": ["system:anonymous"],
}

deny contains finding if {
	some i, subject in input.object.subjects
	subject.name in _everybody[subject.kind]
	finding := {
		"msg": sprintf("%s %q gets the role %q", [subject.kind, subject.name, input.object.roleRef.name]),
		"at": ["subjects", i, "name"],
	}
}
