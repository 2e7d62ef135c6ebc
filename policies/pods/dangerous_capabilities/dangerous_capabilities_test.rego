package policies.pods.dangerous_capabilities_test

import data.lib.workloads_test.lamp
import data.policies.pods.dangerous_capabilities

params := {"dangerous": ["ALL", "SYS_ADMIN"]}

failing := lamp({"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "SYS_ADMIN"]}}})

mended := lamp({"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}})

_messages(add) := {finding.msg | some finding in findings} if {
	findings := dangerous_capabilities.deny with input as {"object": lamp({"securityContext": {"capabilities": {"add": add}}}), "params": params}
}

test_denies_what_is_on_the_list if {
	dangerous_capabilities.deny == {{
		"msg": "container \"lamp\" adds the capability SYS_ADMIN",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "capabilities", "add", 1],
	}} with input as {"object": failing, "params": params}
	every capability in ["SYS_ADMIN", "sys_admin", "CAP_SYS_ADMIN", "ALL"] {
		_messages([capability]) == {sprintf("container \"lamp\" adds the capability %s", [capability])}
	}
}

test_allows_others if {
	every add in [null, [], ["CHOWN"], [5]] {
		_messages(add) == set()
	}
}
