package policies.pods.drop_all_capabilities_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.drop_all_capabilities

params := {"allowed": ["NET_BIND_SERVICE"]}

failing := lamp({"securityContext": {"capabilities": {"drop": ["NET_RAW"]}}})

mended := lamp({"securityContext": {"capabilities": {"drop": ["ALL"]}}})

_findings(spec) := findings if {
	findings := drop_all_capabilities.deny with input as {"object": pod(spec), "params": params}
}

_lamp(capabilities) := {"containers": [{"name": "lamp", "securityContext": {"capabilities": capabilities}}]}

test_denies_where_not_all_are_dropped if {
	every drop, shown in {null: "not set", []: "[]", ["NET_RAW"]: `["NET_RAW"]`} {
		_findings(_lamp({"drop": drop})) == {{
			"msg": sprintf("container \"lamp\" keeps capabilities: securityContext.capabilities.drop is %s", [shown]),
			"at": ["spec", "containers", 0, "securityContext", "capabilities", "drop"],
		}}
	}
	count(_findings({"initContainers": [{"name": "plug"}]})) == 1
}

test_denies_what_is_added if {
	_findings(_lamp({"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CHOWN"]})) == {{
		"msg": "container \"lamp\" adds the capability CHOWN",
		"at": ["spec", "containers", 0, "securityContext", "capabilities", "add", 1],
	}}
}

test_denies_once_what_is_added_to_what_is_kept if {
	count(_findings(_lamp({"add": ["CHOWN"]}))) == 1
}

test_allows_what_is_dropped if {
	every drop in [["ALL"], ["all"], ["NET_RAW", "ALL"]] {
		_findings(_lamp({"drop": drop})) == set()
	}
}

test_allows_to_bind_low_ports if {
	every capability in ["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"] {
		_findings(_lamp({"drop": ["ALL"], "add": [capability]})) == set()
	}
}

test_allows_windows if {
	every capabilities in [{}, {"drop": ["ALL"], "add": ["CHOWN"]}] {
		_findings(object.union(_lamp(capabilities), {"os": {"name": "windows"}})) == set()
	}
}
