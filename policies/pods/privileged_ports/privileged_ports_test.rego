package policies.pods.privileged_ports_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.privileged_ports

failing := lamp({"ports": [{"name": "http", "containerPort": 80}]})

mended := lamp({"ports": [{"name": "http", "containerPort": 8080}]})

_messages(spec) := {finding.msg | some finding in findings} if {
	findings := privileged_ports.deny with input.object as pod(spec)
}

test_denies_low_ports if {
	privileged_ports.deny == {{
		"msg": "container \"lamp\" listens on port 80",
		"at": ["spec", "template", "spec", "containers", 0, "ports", 0, "containerPort"],
	}} with input.object as failing
	_messages({"containers": [{"name": "lamp", "ports": [{"containerPort": 1023}]}]}) == {"container \"lamp\" listens on port 1023"}
}

test_allows_high_ports if {
	every port in [1024, 8080, null, "80"] {
		_messages({"containers": [{"name": "lamp", "ports": [{"containerPort": port}]}]}) == set()
	}
}

test_allows_the_network_of_the_node if {
	_messages({"hostNetwork": true, "containers": [{"name": "lamp", "ports": [{"containerPort": 80}]}]}) == set()
}
