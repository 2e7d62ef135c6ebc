package policies.resources.limit_ratio_test

import data.lib.workloads_test.lamp
import data.policies.resources.limit_ratio

params := {"ratios": {"cpu": 4, "memory": 2}}

failing := lamp({"resources": {"requests": {"memory": "64Mi"}, "limits": {"memory": "1Gi"}}})

mended := lamp({"resources": {"requests": {"memory": "512Mi"}, "limits": {"memory": "1Gi"}}})

_count(resources) := count(findings) if {
	findings := limit_ratio.deny with input as {"object": lamp({"resources": resources}), "params": params}
}

test_denies_limits_far_above_requests if {
	limit_ratio.deny == {{
		"msg": "container \"lamp\" may use 1Gi of memory, more than 2 times its request 64Mi",
		"at": ["spec", "template", "spec", "containers", 0, "resources", "limits", "memory"],
	}} with input as {"object": failing, "params": params}
	_count({"requests": {"cpu": "10m"}, "limits": {"cpu": 1}}) == 1
	_count({"requests": {"cpu": 1}, "limits": {"cpu": "4001m"}}) == 1
}

test_allows_limits_near_requests if {
	every resources in [
		null, {}, {"limits": {"memory": "1Gi"}}, {"requests": {"memory": "1Gi"}}, {"requests": {"cpu": 0}, "limits": {"cpu": 1}},
		{"requests": {"cpu": "250m"}, "limits": {"cpu": 1}}, {"requests": {"memory": "big"}, "limits": {"memory": "1Gi"}},
		{"requests": {"storage": "1"}, "limits": {"storage": "9"}},
	] {
		_count(resources) == 0
	}
}
