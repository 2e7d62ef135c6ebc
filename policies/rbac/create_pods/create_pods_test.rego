package policies.rbac.create_pods_test

import data.policies.rbac.create_pods

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "deployer"},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list", "watch", "create"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/verbs", "value": ["get", "list", "watch"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := create_pods.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	create_pods.deny == {{"msg": "the rule grants create on deployments", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"": {"pods": ["create"], "replicationcontrollers": ["create"]},
		"apps": {"daemonsets": ["create"], "deployments": ["create"], "replicasets": ["create"], "statefulsets": ["create"]},
		"batch": {"cronjobs": ["create"], "jobs": ["create"]},
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
	create_pods.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
		{"apiGroups": [""], "resources": ["pods/eviction"], "verbs": ["create"]},
		{"apiGroups": [""], "resources": ["deployments"], "verbs": ["create"]},
	] {
		_findings(rule) == set()
	}
}
