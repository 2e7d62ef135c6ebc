package policies.rbac.admission_webhooks_test

import data.policies.rbac.admission_webhooks

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "injector"},
	"rules": [{"apiGroups": ["admissionregistration.k8s.io"], "resources": ["mutatingwebhookconfigurations"], "verbs": ["get", "patch"]}],
}

mended := json.patch(failing, [{"op": "add", "path": "/rules/0/resourceNames", "value": ["injector"]}])

# _findings are what the policy says of a role with this one rule.
_findings(rule) := findings if {
	findings := admission_webhooks.deny with input.object as object.union(failing, {"rules": [rule]})
}

test_denies_the_rule_at_fault if {
	admission_webhooks.deny == {{"msg": "the rule grants patch on mutatingwebhookconfigurations", "at": ["rules", 0, "resources"]}} with input.object as failing
}

test_denies_every_permission if {
	every group, granted in {
		"admissionregistration.k8s.io": {
			"mutatingwebhookconfigurations": ["create", "delete", "deletecollection", "patch", "update"],
			"validatingwebhookconfigurations": ["create", "delete", "deletecollection", "patch", "update"],
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
	admission_webhooks.deny == set() with input.object as mended
}

test_allows_other_rules if {
	every rule in [
		null,
		{},
		{"apiGroups": ["example.org"], "resources": ["*"], "verbs": ["*"]},
		{"apiGroups": ["admissionregistration.k8s.io"], "resources": ["mutatingwebhookconfigurations"], "verbs": ["get", "list", "watch"]},
		{"apiGroups": ["admissionregistration.k8s.io"], "resources": ["validatingadmissionpolicies"], "verbs": ["update"]},
	] {
		_findings(rule) == set()
	}
}
