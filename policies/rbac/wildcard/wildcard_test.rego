package policies.rbac.wildcard_test

import data.policies.rbac.wildcard

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "operator"},
	"rules": [{"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]}],
}

mended := json.patch(failing, [
	{"op": "replace", "path": "/rules/0/resources", "value": ["deployments"]},
	{"op": "replace", "path": "/rules/0/verbs", "value": ["get", "list", "watch", "update"]},
])

_rule := {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}

test_denies_a_rule_once if {
	wildcard.deny == {{
		"msg": "the rule has * in resources, verbs",
		"at": ["rules", 0, "resources"],
	}} with input.object as failing
}

test_denies_every_field_of_every_rule if {
	every field in ["apiGroups", "resources", "verbs"] {
		wildcard.deny == {{
			"msg": sprintf("the rule has * in %s", [field]),
			"at": ["rules", 1, field],
		}} with input.object as object.union(failing, {"rules": [_rule, object.union(_rule, {field: ["get", "*"]})]})
	}
}

test_allows_what_is_mended if {
	wildcard.deny == set() with input.object as mended
}

test_allows_subresources_and_urls if {
	every rule in [null, {}, {"resources": ["*/scale"]}, {"nonResourceURLs": ["*"], "verbs": ["get"]}, {"verbs": "*"}] {
		wildcard.deny == set() with input.object as object.union(failing, {"rules": [rule]})
	}
}
