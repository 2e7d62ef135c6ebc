package policies.reliability.identical_probes_test

import data.lib.workloads_test.lamp
import data.policies.reliability.identical_probes

_probe := {"httpGet": {"path": "/health", "port": "http"}}

failing := lamp({"livenessProbe": _probe, "readinessProbe": _probe})

mended := lamp({"livenessProbe": object.union(_probe, {"failureThreshold": 6}), "readinessProbe": _probe})

_count(liveness, readiness) := count(findings) if {
	findings := identical_probes.deny with input.object as lamp({"livenessProbe": liveness, "readinessProbe": readiness})
}

test_denies_probes_that_ask_the_same if {
	identical_probes.deny == {{
		"msg": "livenessProbe and readinessProbe of container \"lamp\" ask the same, and give up after 30 seconds",
		"at": ["spec", "template", "spec", "containers", 0, "livenessProbe"],
	}} with input.object as failing
	every handler in ["exec", "grpc", "tcpSocket"] {
		_count({handler: {"port": 1}}, {handler: {"port": 1}, "failureThreshold": 3}) == 1
	}
	_count(object.union(_probe, {"periodSeconds": 5}), _probe) == 1
}

test_allows_liveness_that_waits_longer if {
	_count(object.union(_probe, {"periodSeconds": 11}), _probe) == 0
	_count(object.union(_probe, {"failureThreshold": 4}), _probe) == 0
}

test_allows_other_questions if {
	_count({"httpGet": {"path": "/live"}}, {"httpGet": {"path": "/ready"}}) == 0
	_count({"httpGet": {"path": "/live"}, "timeoutSeconds": 5}, {"httpGet": {"path": "/ready"}, "timeoutSeconds": 5}) == 0
	_count(null, null) == 0
	_count({}, {}) == 0
}
