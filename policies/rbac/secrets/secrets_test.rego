package policies.rbac.secrets_test

import data.policies.rbac.secrets

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "reporter"},
	"rules": [{"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": ["get", "list"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/resources", "value": ["configmaps"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := secrets.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	secrets.deny == {{"msg": "the rule grants get, list on secrets", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {"secrets": ["get", "list", "watch"]},
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
	secrets.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]},
		{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]},
		{"apiGroups": ["apps"], "resources": ["secrets"], "verbs": ["get"]},
	] {
		_findings(rule) == set()
	}
}
