package lib.rbac_test

import data.lib.rbac

_rule := {"apiGroups": ["", "apps"], "resources": ["pods", "pods/exec"], "verbs": ["get", "list"]}

_role(rules) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "reader"},
	"rules": rules,
}

# _texts are what a role grants that has one rule.
_texts(rule, permissions) := [grant.text | some grant in rbac.grants(_role([rule]), permissions)]

test_grants_what_the_rule_names if {
	_texts(_rule, {"": {"pods": {"get"}}}) == ["get on pods"]
	_texts(_rule, {"": {"pods/exec": {"get"}}}) == ["get on pods/exec"]
	_texts(_rule, {"apps": {"pods": {"create", "list"}}}) == ["list on pods"]
}

test_grants_nothing_else if {
	every permissions in [{"batch": {"pods": {"get"}}}, {"": {"secrets": {"get"}, "pods/log": {"get"}}}, {"": {"pods": {"create"}}}] {
		_texts(_rule, permissions) == []
	}
}

test_grants_by_wildcards if {
	every field in ["apiGroups", "resources", "verbs"] {
		_texts(object.union(_rule, {field: ["*"]}), {"": {"pods/exec": {"get"}}}) == ["get on pods/exec"]
	}
	_texts(object.union(_rule, {"resources": ["*/exec"]}), {"": {"pods/exec": {"get"}}}) == ["get on pods/exec"]
}

test_grants_nothing_by_what_is_no_wildcard if {
	every resource in ["pods/*", "*/log", "pods", "exec", "*exec"] {
		_texts(object.union(_rule, {"resources": [resource]}), {"": {"pods/exec": {"get"}}}) == []
	}
	_texts(object.union(_rule, {"resources": ["*/pods"]}), {"": {"pods": {"get"}}}) == []
}

test_malformed_rules_grant_nothing if {
	every field in ["apiGroups", "resources", "verbs"] {
		every value in [null, "*", {"a": "*"}, 1] {
			rule := json.patch(_rule, [{"op": "replace", "path": sprintf("/%s", [field]), "value": value}])
			_texts(rule, {"": {"pods": {"get"}}}) == []
			rbac.wildcards(rule) == []
		}
		_texts(object.remove(_rule, [field]), {"": {"pods": {"get"}}}) == []
	}
}

test_finds_wildcards if {
	rbac.wildcards(_rule) == []
	rbac.wildcards({"apiGroups": ["", "*"], "resources": ["*/scale"], "verbs": ["*"]}) == ["apiGroups", "verbs"]
	rbac.wildcards({"nonResourceURLs": ["*"], "verbs": ["get"]}) == []
	rbac.wildcards({"resources": ["*"]}) == ["resources"]
}

test_lists_rules_with_their_paths if {
	rbac.rules(_role([_rule, {}])) == [{"at": ["rules", 0], "rule": _rule}, {"at": ["rules", 1], "rule": {}}]
}

test_lists_no_rules_where_there_are_none if {
	every rules in [null, {}, {"a": _rule}, "x"] {
		rbac.rules(_role(rules)) == []
	}
	rbac.rules({"kind": "ClusterRole"}) == []
	rbac.rules(object.union(_role([_rule]), {"aggregationRule": {"clusterRoleSelectors": []}})) == []
}

test_rules_are_there_without_an_aggregation if {
	count(rbac.rules(object.union(_role([_rule]), {"aggregationRule": null}))) == 1
}

test_grants_say_which_rule_and_what if {
	role := _role([{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}, _rule])
	rbac.grants(role, {"": {"pods": {"create", "get"}, "pods/exec": {"get"}}}) == [{
		"at": ["rules", 1, "resources"],
		"text": "get on pods, pods/exec",
	}]
}

test_grants_say_what_a_wildcard_grants if {
	role := _role([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
	rbac.grants(role, {"": {"pods": {"get"}}}) == [{"at": ["rules", 0, "resources"], "text": "get on pods"}]
}

test_grants_leave_out_named_objects if {
	rbac.grants(_role([object.union(_rule, {"resourceNames": ["web"]})]), {"": {"pods": {"get"}}}) == []
	every unset in [null, []] {
		count(rbac.grants(_role([object.union(_rule, {"resourceNames": unset})]), {"": {"pods": {"get"}}})) == 1
	}
}
