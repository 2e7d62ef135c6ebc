package policies.rbac.escalate_test

import data.policies.rbac.escalate

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "tenant-manager"},
	"rules": [{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["get", "bind"]}],
}

mended := json.patch(failing, [{"op": "add", "path": "/rules/0/resourceNames", "value": ["view"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := escalate.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	escalate.deny == {{"msg": "the rule grants bind on clusterroles", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {"groups": ["impersonate"], "serviceaccounts": ["impersonate"], "users": ["impersonate"]},
		"rbac.authorization.k8s.io": {"clusterroles": ["bind", "escalate"], "roles": ["bind", "escalate"]},
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
	escalate.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get"]},
		{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["create", "update"]},
		{"apiGroups": ["example.org"], "resources": ["users"], "verbs": ["impersonate"]},
	] {
		_findings(rule) == set()
	}
}
