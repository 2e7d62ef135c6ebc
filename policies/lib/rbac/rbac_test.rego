package lib.rbac_test

import data.lib.rbac

_rule := {"apiGroups": ["", "apps"], "resources": ["pods", "pods/exec"], "verbs": ["get", "list"]}

_get_pods := {"group": "", "resource": "pods", "verb": "get"}

_get_exec := {"group": "", "resource": "pods/exec", "verb": "get"}

_role(rules) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "reader"},
	"rules": rules,
}

test_allows_what_the_rule_names if {
	rbac.allows(_rule, _get_pods)
	rbac.allows(_rule, _get_exec)
	rbac.allows(_rule, {"group": "apps", "resource": "pods", "verb": "list"})
}

test_allows_nothing_else if {
	every other in [{"group": "batch"}, {"resource": "secrets"}, {"resource": "pods/log"}, {"verb": "create"}] {
		not rbac.allows(_rule, object.union(_get_pods, other))
	}
}

test_allows_by_wildcards if {
	every field in ["apiGroups", "resources", "verbs"] {
		rbac.allows(object.union(_rule, {field: ["*"]}), _get_exec)
	}
	rbac.allows(object.union(_rule, {"resources": ["*/exec"]}), _get_exec)
}

test_allows_nothing_by_what_is_no_wildcard if {
	every resource in ["pods/*", "*/log", "pods", "exec", "*exec"] {
		not rbac.allows(object.union(_rule, {"resources": [resource]}), _get_exec)
	}
	not rbac.allows(object.union(_rule, {"resources": ["*/pods"]}), _get_pods)
}

test_malformed_rules_allow_nothing if {
	every field in ["apiGroups", "resources", "verbs"] {
		every value in [null, "*", {"a": "*"}, 1] {
			rule := json.patch(_rule, [{"op": "replace", "path": sprintf("/%s", [field]), "value": value}])
			not rbac.allows(rule, _get_pods)
			rbac.wildcards(rule) == []
		}
		not rbac.allows(object.remove(_rule, [field]), _get_pods)
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
	rbac.grants(role, {_get_pods, _get_exec, {"group": "", "resource": "pods", "verb": "create"}}) == [{
		"at": ["rules", 1, "resources"],
		"text": "get on pods, pods/exec",
	}]
}

test_grants_say_what_a_wildcard_grants if {
	role := _role([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
	rbac.grants(role, {_get_pods}) == [{"at": ["rules", 0, "resources"], "text": "get on pods"}]
}

test_grants_leave_out_named_objects if {
	rbac.grants(_role([object.union(_rule, {"resourceNames": ["web"]})]), {_get_pods}) == []
	every unset in [null, []] {
		count(rbac.grants(_role([object.union(_rule, {"resourceNames": unset})]), {_get_pods})) == 1
	}
}
