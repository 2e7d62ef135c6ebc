package policies.pods.drop_net_raw_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.drop_net_raw

failing := lamp({})

mended := lamp({"securityContext": {"capabilities": {"drop": ["ALL"]}}})

_findings(spec) := findings if {
	findings := drop_net_raw.deny with input.object as pod(spec)
}

_lamp(drop) := {"containers": [{"name": "lamp", "securityContext": {"capabilities": {"drop": drop}}}]}

test_denies_what_keeps_net_raw if {
	every drop in [null, [], ["CHOWN"]] {
		_findings(_lamp(drop)) == {{
			"msg": "container \"lamp\" keeps the capability NET_RAW",
			"at": ["spec", "containers", 0, "securityContext", "capabilities", "drop"],
		}}
	}
}

test_allows_what_drops_it if {
	every drop in [["ALL"], ["all"], ["NET_RAW"], ["CAP_NET_RAW"], ["CHOWN", "NET_RAW"]] {
		_findings(_lamp(drop)) == set()
	}
}

test_allows_windows if {
	_findings(object.union(_lamp([]), {"os": {"name": "windows"}})) == set()
}
