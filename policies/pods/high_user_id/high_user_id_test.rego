package policies.pods.high_user_id_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.high_user_id

params := {"min": 10000}

failing := lamp({"securityContext": {"runAsUser": 1000, "runAsGroup": 10001}})

mended := lamp({"securityContext": {"runAsUser": 10001, "runAsGroup": 10001}})

_messages(spec) := {finding.msg | some finding in findings} if {
	findings := high_user_id.deny with input as {"object": pod(spec), "params": params}
}

test_denies_low_ids if {
	high_user_id.deny == {{
		"msg": "container \"lamp\" has a low id: securityContext.runAsUser is 1000",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "runAsUser"],
	}} with input as {"object": failing, "params": params}
	_messages({"securityContext": {"runAsUser": 10000, "runAsGroup": 9999}, "containers": [{"name": "lamp"}, {"name": "shade", "securityContext": {"runAsGroup": 10000}}]}) == {"pod of \"lamp\" has a low id: securityContext.runAsGroup is 9999"}
}

test_names_those_that_take_it_from_the_pod if {
	_messages({"securityContext": {"runAsUser": 10000, "runAsGroup": 9999}, "containers": [{"name": "lamp"}, {"name": "shade", "securityContext": {"runAsGroup": 9998}}]}) == {
		"pod of \"lamp\" has a low id: securityContext.runAsGroup is 9999",
		"container \"shade\" has a low id: securityContext.runAsGroup is 9998",
	}
}

test_denies_ids_that_are_no_numbers if {
	_messages({"containers": [{"name": "lamp", "securityContext": {"runAsUser": "20000", "runAsGroup": 20000}}]}) == {
		"container \"lamp\" has a low id: securityContext.runAsUser is \"20000\"",
	}
}

test_denies_what_the_image_decides if {
	_messages({"containers": [{"name": "lamp"}]}) == {
		"container \"lamp\" has a low id: securityContext.runAsUser is not set",
		"container \"lamp\" has a low id: securityContext.runAsGroup is not set",
	}
}

test_allows_high_ids if {
	_messages({"securityContext": {"runAsUser": 10000, "runAsGroup": 20000}, "containers": [{"name": "lamp"}]}) == set()
}

test_allows_root_which_is_anothers if {
	_messages({"containers": [{"name": "lamp", "securityContext": {"runAsUser": 0, "runAsGroup": 0}}]}) == set()
}

test_allows_windows if {
	_messages({"os": {"name": "windows"}, "containers": [{"name": "lamp"}]}) == set()
}
