package policies.resources.cpu_limits_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.resources.cpu_limits

failing := lamp({"resources": {"requests": {"cpu": "10m"}}})

mended := lamp({"resources": {"requests": {"cpu": "10m"}, "limits": {"cpu": "100m"}}})

_findings(spec) := findings if {
	findings := cpu_limits.deny with input.object as pod(spec)
}

test_denies_where_there_is_none if {
	every limits, shown in {null: "not set", {}: "not set", {"cpu": 0}: "0", {"memory": "1Gi"}: "not set"} {
		_findings({"initContainers": [{"name": "plug", "resources": {"limits": limits}}]}) == {{
			"msg": sprintf("container \"plug\" has no cpu limit: resources.limits.cpu is %s", [shown]),
			"at": ["spec", "initContainers", 0, "resources", "limits", "cpu"],
		}}
	}
}

test_allows_limits if {
	cpu_limits.deny == set() with input.object as mended
	_findings({"resources": {"limits": {"cpu": 1}}, "containers": [{"name": "lamp"}]}) == set()
}

test_allows_ephemeral_containers if {
	_findings({"ephemeralContainers": [{"name": "probe"}]}) == set()
}
