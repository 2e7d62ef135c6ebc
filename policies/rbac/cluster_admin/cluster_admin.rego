# METADATA
# title: Binding to cluster-admin
# description: Bind a role that grants what is needed, or admin in the namespaces that it is needed in.
# custom:
#   rationale: Who gets hold of this subject, by a stolen token or a fault in the program, has the whole cluster.
#   severity: {small: warning, medium: warning, enterprise: error}
#   kinds: [rbac.authorization.k8s.io/ClusterRoleBinding, rbac.authorization.k8s.io/RoleBinding]
#   references:
#     - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     - CIS Kubernetes Benchmark 5.1.1
package policies.rbac.cluster_admin

deny contains finding if {
	input.object.roleRef.kind == "ClusterRole"
	input.object.roleRef.name == "cluster-admin"
	finding := {
		"msg": sprintf("the role \"cluster-admin\" is bound to %s", [_subjects]),
		"at": ["roleRef", "name"],
	}
}

_subjects := concat(", ", [sprintf("%s %q", [subject.kind, subject.name]) | some subject in input.object.subjects]) if {
	some subject in input.object.subjects
	subject.name
} else := "nobody yet"
