package policies.rbac.anonymous_test

import data.policies.rbac.anonymous

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": "status"},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "status-reader"},
	"subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:unauthenticated"}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/subjects/0/name", "value": "monitoring"}])

# _findings are what the policy says of a binding with these subjects.
_findings(subjects) := findings if {
	findings := anonymous.deny with input.object as object.union(failing, {"subjects": subjects})
}

test_denies_every_such_subject if {
	every subject in [["Group", "system:masters"], ["Group", "system:unauthenticated"], ["User", "system:anonymous"]] {
		_findings([{"kind": "User", "name": "ann"}, {"kind": subject[0], "name": subject[1]}]) == {{
			"msg": sprintf("%s %q gets the role \"status-reader\"", subject),
			"at": ["subjects", 1, "name"],
		}}
	}
}

test_allows_other_subjects if {
	anonymous.deny == set() with input.object as mended
	every subjects in [
		null,
		[],
		[null],
		[{"kind": "User", "name": "system:masters"}],
		[{"kind": "ServiceAccount", "name": "system:anonymous"}],
		[{"kind": "Group", "name": "system:authenticated"}],
	] {
		_findings(subjects) == set()
	}
}
