package policies.pods.host_port_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_port

failing := deployment({"containers": [{
	"name": "lamp",
	"image": "registry.example.org/lamp:1.4.2",
	"ports": [{"name": "http", "containerPort": 8080, "hostPort": 80}],
}]})

mended := json.remove(failing, ["/spec/template/spec/containers/0/ports/0/hostPort"])

test_denies_ports_of_the_node if {
	host_port.deny == {{
		"msg": "container \"lamp\" takes port 80 of its node",
		"at": ["spec", "template", "spec", "containers", 0, "ports", 0, "hostPort"],
	}} with input.object as failing
}

test_allows_ports_of_the_pod if {
	every ports in [null, [], [{"containerPort": 80}], [{"containerPort": 80, "hostPort": 0}], [{"hostPort": null}]] {
		host_port.deny == set() with input.object as pod({"containers": [{"name": "lamp", "ports": ports}]})
	}
}

test_allows_what_the_network_of_the_node_brings_along if {
	host_port.deny == set() with input.object as pod({"hostNetwork": true, "containers": [{"name": "lamp", "ports": [{"hostPort": 80}]}]})
}
