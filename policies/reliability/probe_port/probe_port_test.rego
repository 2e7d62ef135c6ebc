package policies.reliability.probe_port_test

import data.lib.workloads_test.lamp
import data.policies.reliability.probe_port

failing := lamp({
	"ports": [{"name": "http", "containerPort": 8080}],
	"livenessProbe": {"httpGet": {"path": "/live", "port": "https"}},
})

mended := lamp({
	"ports": [{"name": "http", "containerPort": 8080}],
	"livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
})

_messages(probe, ports) := {finding.msg | some finding in findings} if {
	findings := probe_port.deny with input.object as lamp(object.union(probe, {"ports": ports}))
}

_asks(port) := {"readinessProbe": {"tcpSocket": {"port": port}}}

test_denies_ports_that_are_not_declared if {
	probe_port.deny == {{
		"msg": "livenessProbe of container \"lamp\" asks port https, and its ports are http",
		"at": ["spec", "template", "spec", "containers", 0, "livenessProbe", "httpGet", "port"],
	}} with input.object as failing
	_messages(_asks(81), [{"containerPort": 80}]) == {"readinessProbe of container \"lamp\" asks port 81, and its ports are 80"}
	_messages(_asks("http"), null) == {"readinessProbe of container \"lamp\" asks port http, and its ports are none"}
	_messages({"startupProbe": {"tcpSocket": {"port": 1}}}, [{"name": "http"}]) == {"startupProbe of container \"lamp\" asks port 1, and its ports are http"}
}

# Where a custom resource has no field for ports, nobody could declare one.
test_allows_probes_of_what_declares_no_ports if {
	probe_port.deny == set() with input.object as {"apiVersion": "example.org/v1", "kind": "Lamp", "spec": {"probe": {"grpc": {"port": "http"}}}}
		with data.lib.pods.rows as {"example.org/Lamp": [{"name": "lamp", "container": {"livenessProbe": "spec.probe"}}]}
}

test_allows_what_is_no_probe if {
	every probe in [{"otherProbe": {"tcpSocket": {"port": "http"}}}, {"livenessProbe": {"exec": {"port": "http"}}}] {
		_messages(probe, []) == set()
	}
}

test_allows_ports_that_are if {
	_messages(_asks(80), [{"containerPort": 80}]) == set()
	_messages(_asks(80), [{"containerPort": 80, "name": "http"}]) == set()
	_messages(_asks("http"), [{"name": "http", "containerPort": 80}]) == set()
}

test_allows_numbers_where_none_is if {
	every ports in [null, []] {
		_messages(_asks(80), ports) == set()
	}
	probe_port.deny == set() with input.object as lamp(_asks(80))
}
