package policies.pods.host_network_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_network

failing := deployment({"hostNetwork": true, "containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}]})

mended := json.remove(failing, ["/spec/template/spec/hostNetwork"])

test_denies_host_network if {
	host_network.deny == {{"msg": "hostNetwork is true", "at": ["spec", "template", "spec", "hostNetwork"]}} with input.object as failing
}

test_allows_pods_of_their_own if {
	every value in [false, null, "true"] {
		host_network.deny == set() with input.object as pod({"hostNetwork": value})
	}
	host_network.deny == set() with input.object as mended
}
