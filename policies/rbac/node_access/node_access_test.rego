package policies.rbac.node_access_test

import data.policies.rbac.node_access

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "collector"},
	"rules": [{"apiGroups": [""], "resources": ["nodes/metrics", "nodes/proxy"], "verbs": ["get"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/resources", "value": ["nodes/metrics"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := node_access.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	node_access.deny == {{"msg": "the rule grants get on nodes/proxy", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {"nodes/proxy": ["create", "delete", "get", "patch", "update"], "serviceaccounts/token": ["create"]},
		"certificates.k8s.io": {"certificatesigningrequests/approval": ["patch", "update"]},
	} {
		every resource, verbs in granted {
			every verb in verbs {
				_findings({"apiGroups": [group], "resources": [resource], "verbs": [verb]}) == {{
					"msg": sprintf("the rule grants %s on %s", [verb, resource]),
					"at": ["rules", 0, "resources"],
				}}
			}
		}
	}
}

test_allows_what_is_mended if {
	node_access.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["nodes", "nodes/metrics"], "verbs": ["get"]},
		{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["create"]},
		{"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests"], "verbs": ["update"]},
	] {
		_findings(rule) == set()
	}
}
