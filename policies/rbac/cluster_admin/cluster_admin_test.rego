package policies.rbac.cluster_admin_test

import data.policies.rbac.cluster_admin

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": "dashboard"},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
	"subjects": [{"kind": "ServiceAccount", "name": "dashboard", "namespace": "tools"}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/roleRef/name", "value": "view"}])

_message(binding) := finding.msg if {
	findings := cluster_admin.deny with input.object as binding
	some finding in findings
}

test_denies_the_binding_once if {
	cluster_admin.deny == {{
		"msg": "the role \"cluster-admin\" is bound to ServiceAccount \"dashboard\", Group \"ops\"",
		"at": ["roleRef", "name"],
	}} with input.object as json.patch(failing, [{"op": "add", "path": "/subjects/-", "value": {"kind": "Group", "name": "ops"}}])
}

test_denies_bindings_without_subjects if {
	every subjects in [null, [], {}, [{}], ["x"]] {
		_message(object.union(failing, {"subjects": subjects})) == "the role \"cluster-admin\" is bound to nobody yet"
	}
}

test_allows_other_roles if {
	cluster_admin.deny == set() with input.object as mended
	cluster_admin.deny == set() with input.object as json.patch(failing, [{"op": "replace", "path": "/roleRef/kind", "value": "Role"}])
	cluster_admin.deny == set() with input.object as json.remove(failing, ["roleRef"])
}
