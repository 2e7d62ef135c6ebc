package policies.network.open_policy_test

import data.policies.network.open_policy

failing := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "NetworkPolicy",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"podSelector": {"matchLabels": {"app": "web"}},
		"policyTypes": ["Ingress"],
		"ingress": [{"ports": [{"port": 8080}]}],
	},
}

mended := json.patch(failing, [{
	"op": "add",
	"path": "/spec/ingress/0/from",
	"value": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}],
}])

# _places are where the policy finds something in a NetworkPolicy with this spec.
_places(spec) := {finding.at | some finding in findings} if {
	findings := open_policy.deny with input.object as json.patch(failing, [{"op": "replace", "path": "/spec", "value": spec}])
}

_peer := {"podSelector": {}}

test_denies_rules_without_peers if {
	open_policy.deny == {{
		"msg": "ingress[0] has no from: it allows all",
		"at": ["spec", "ingress", 0, "from"],
	}} with input.object as failing
	every rule in [null, {}, {"from": null}, {"from": []}] {
		_places({"podSelector": {}, "ingress": [{"from": [_peer]}, rule]}) == {["spec", "ingress", 1, "from"]}
	}
	every rule in [null, {}, {"to": null}, {"to": []}, {"from": [_peer]}] {
		_places({"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]}) == {["spec", "egress", 0, "to"]}
	}
}

test_denies_both_directions if {
	every types in [null, [], ["Ingress", "Egress"]] {
		_places({"policyTypes": types, "ingress": [{}], "egress": [{}]}) == {
			["spec", "ingress", 0, "from"],
			["spec", "egress", 0, "to"],
		}
	}
}

test_allows_named_peers if {
	open_policy.deny == set() with input.object as mended
	_places({"ingress": [{"from": [_peer]}], "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}) == set()
}

test_allows_rules_that_do_not_count if {
	_places({"policyTypes": ["Egress"], "ingress": [{}]}) == set()
	_places({"policyTypes": ["Ingress"], "egress": [{}]}) == set()
}

test_allows_policies_without_rules if {
	every rules in [null, [], {"a": {}}, ["x"]] {
		_places({"podSelector": {}, "ingress": rules}) == set()
	}
	_places(null) == set()
}
