package policies.reliability.liveness_probe_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.reliability.liveness_probe

failing := lamp({})

mended := lamp({"livenessProbe": {"httpGet": {"path": "/live", "port": 8080}}})

test_denies_containers_without if {
	every fields in [{}, {"livenessProbe": null}] {
		liveness_probe.deny == {{
			"msg": "container \"lamp\" has no livenessProbe",
			"at": ["spec", "template", "spec", "containers", 0, "livenessProbe"],
		}} with input.object as lamp(fields)
	}
}

test_allows_probes if {
	liveness_probe.deny == set() with input.object as mended
}

test_allows_what_ends if {
	liveness_probe.deny == set() with input.object as pod({"initContainers": [{"name": "plug"}]})
	liveness_probe.deny == set() with input.object as pod({"restartPolicy": "Never", "containers": [{"name": "lamp"}]})
}
