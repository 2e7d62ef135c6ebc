package policies.pods.root_group_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.root_group

failing := lamp({"securityContext": {"runAsUser": 10001, "runAsGroup": 0}})

mended := lamp({"securityContext": {"runAsUser": 10001, "runAsGroup": 10001}})

_findings(spec) := findings if {
	findings := root_group.deny with input.object as pod(spec)
}

test_denies_the_primary_group if {
	root_group.deny == {{
		"msg": "container \"lamp\" is in the group of root: securityContext.runAsGroup is 0",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "runAsGroup"],
	}} with input.object as failing
	_findings({
		"securityContext": {"runAsGroup": 0},
		"containers": [{"name": "lamp"}, {"name": "shade"}, {"name": "plug", "securityContext": {"runAsGroup": 1}}],
	}) == {{
		"msg": "pod of \"lamp\", \"shade\" is in the group of root: securityContext.runAsGroup is 0",
		"at": ["spec", "securityContext", "runAsGroup"],
	}}
}

test_denies_further_groups if {
	_findings({"securityContext": {"fsGroup": 0, "supplementalGroups": [5, 0]}}) == {
		{"msg": "pod is in the group of root: securityContext.fsGroup is 0", "at": ["spec", "securityContext", "fsGroup"]},
		{"msg": "pod is in the group of root: securityContext.supplementalGroups is 0", "at": ["spec", "securityContext", "supplementalGroups", 1]},
	}
}

test_allows_others if {
	every security in [null, {}, {"runAsGroup": 1}, {"fsGroup": 1, "supplementalGroups": [1]}, {"fsGroup": null, "supplementalGroups": null}] {
		_findings({"securityContext": security, "containers": [{"name": "lamp"}]}) == set()
	}
}
