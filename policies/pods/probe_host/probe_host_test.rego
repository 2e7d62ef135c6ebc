package policies.pods.probe_host_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.probe_host

failing := lamp({"livenessProbe": {"httpGet": {"host": "192.0.2.7", "path": "/live", "port": 8080}}})

mended := lamp({"livenessProbe": {"httpGet": {"path": "/live", "port": 8080}}})

_messages(fields) := {finding.msg | some finding in findings} if {
	findings := probe_host.deny with input.object as lamp(fields)
}

test_denies_hosts if {
	probe_host.deny == {{
		"msg": "livenessProbe of container \"lamp\" asks the host 192.0.2.7",
		"at": ["spec", "template", "spec", "containers", 0, "livenessProbe", "httpGet", "host"],
	}} with input.object as failing
	every probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
		_messages({probe: {"tcpSocket": {"host": "127.0.0.1"}}}) == {sprintf("%s of container \"lamp\" asks the host 127.0.0.1", [probe])}
	}
	every hook in ["postStart", "preStop"] {
		_messages({"lifecycle": {hook: {"httpGet": {"host": "127.0.0.1"}}}}) == {sprintf("lifecycle.%s of container \"lamp\" asks the host 127.0.0.1", [hook])}
	}
}

test_allows_the_network_of_the_node if {
	probe_host.deny == set() with input.object as pod({"hostNetwork": true, "containers": [failing.spec.template.spec.containers[0]]})
}

test_allows_the_pod if {
	every fields in [{}, {"livenessProbe": null}, {"livenessProbe": {"httpGet": {"host": ""}}}, {"livenessProbe": {"tcpSocket": {"host": null}}}] {
		_messages(fields) == set()
	}
}
