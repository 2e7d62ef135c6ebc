package policies.pods.privilege_escalation_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.privilege_escalation

failing := lamp({})

mended := lamp({"securityContext": {"allowPrivilegeEscalation": false}})

_messages(spec) := {finding.msg | some finding in findings} if {
	findings := privilege_escalation.deny with input.object as pod(spec)
}

test_denies_where_it_is_not_false if {
	privilege_escalation.deny == {{
		"msg": "container \"lamp\" may gain rights: securityContext.allowPrivilegeEscalation is not set",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "allowPrivilegeEscalation"],
	}} with input.object as failing
	every value, shown in {null: "not set", true: "true", "false": `"false"`} {
		_messages({"initContainers": [{"name": "plug", "securityContext": {"allowPrivilegeEscalation": value}}]}) == {sprintf(
			"container \"plug\" may gain rights: securityContext.allowPrivilegeEscalation is %s",
			[shown],
		)}
	}
}

test_denies_what_stands_on_the_pod_where_it_means_nothing if {
	count(_messages({"securityContext": {"allowPrivilegeEscalation": false}, "containers": [{"name": "lamp"}]})) == 1
}

test_allows_false if {
	privilege_escalation.deny == set() with input.object as mended
}

test_allows_privileged_containers_which_are_anothers if {
	_messages({"containers": [{"name": "lamp", "securityContext": {"privileged": true}}]}) == set()
}

test_allows_windows if {
	_messages({"os": {"name": "windows"}, "containers": [{"name": "lamp"}]}) == set()
}
