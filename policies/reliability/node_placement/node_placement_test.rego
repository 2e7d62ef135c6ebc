package policies.reliability.node_placement_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.reliability.node_placement

failing := lamp({})

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"example.org/disk": "fast"}}])

test_denies_pods_that_stand_anywhere if {
	every spec in [{}, {"nodeSelector": {}, "affinity": {"nodeAffinity": {}}, "nodeName": ""}, {"affinity": null}] {
		node_placement.deny == {{
			"msg": "neither nodeSelector nor affinity.nodeAffinity is set",
			"at": ["spec", "nodeSelector"],
		}} with input.object as pod(spec)
	}
}

test_allows_pods_that_say_where if {
	node_placement.deny == set() with input.object as mended
	every spec in [{"nodeName": "a"}, {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}}] {
		node_placement.deny == set() with input.object as pod(spec)
	}
}
