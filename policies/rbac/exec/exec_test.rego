package policies.rbac.exec_test

import data.policies.rbac.exec

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "support"},
	"rules": [{"apiGroups": [""], "resources": ["pods", "pods/log", "pods/exec"], "verbs": ["get", "create"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/resources", "value": ["pods", "pods/log"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := exec.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	exec.deny == {{"msg": "the rule grants create, get on pods/exec", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {
			"pods/attach": ["create", "get"],
			"pods/ephemeralcontainers": ["patch", "update"],
			"pods/exec": ["create", "get"],
			"pods/portforward": ["create", "get"],
		},
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
	exec.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get"]},
		{"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["delete"]},
		{"apiGroups": [""], "resources": ["pods/ephemeralcontainers"], "verbs": ["get"]},
	] {
		_findings(rule) == set()
	}
}
