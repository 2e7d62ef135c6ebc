package policies.rbac.delete_events_test

import data.policies.rbac.delete_events

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "operator"},
	"rules": [{"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch", "delete"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/verbs", "value": ["create", "patch"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := delete_events.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	delete_events.deny == {{"msg": "the rule grants delete on events", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {"events": ["delete", "deletecollection"]},
		"events.k8s.io": {"events": ["delete", "deletecollection"]},
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
	delete_events.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
		{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]},
	] {
		_findings(rule) == set()
	}
}
