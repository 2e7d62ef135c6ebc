package policies.reliability.readiness_probe_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.reliability.readiness_probe

failing := lamp({"ports": [{"name": "http", "containerPort": 8080}]})

mended := lamp({"ports": [{"name": "http", "containerPort": 8080}], "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}}})

_ports := [{"containerPort": 8080}]

test_denies_containers_without if {
	every probe in [{}, {"readinessProbe": null}] {
		readiness_probe.deny == {{
			"msg": "container \"lamp\" has no readinessProbe",
			"at": ["spec", "template", "spec", "containers", 0, "readinessProbe"],
		}} with input.object as lamp(object.union({"ports": _ports}, probe))
	}
}

test_allows_probes if {
	readiness_probe.deny == set() with input.object as mended
}

test_allows_what_does_not_serve if {
	every fields in [{}, {"ports": null}, {"ports": []}] {
		readiness_probe.deny == set() with input.object as lamp(fields)
	}
	readiness_probe.deny == set() with input.object as pod({"initContainers": [{"name": "plug", "ports": _ports}]})
}

test_allows_what_ends if {
	readiness_probe.deny == set() with input.object as pod({"restartPolicy": "OnFailure", "containers": [{"name": "lamp", "ports": _ports}]})
}
