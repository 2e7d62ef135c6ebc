package policies.pods.host_ipc_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_ipc

failing := deployment({"hostIPC": true, "containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}]})

mended := json.remove(failing, ["/spec/template/spec/hostIPC"])

test_denies_host_ipc if {
	host_ipc.deny == {{"msg": "hostIPC is true", "at": ["spec", "template", "spec", "hostIPC"]}} with input.object as failing
}

test_allows_pods_of_their_own if {
	every value in [false, null, "true"] {
		host_ipc.deny == set() with input.object as pod({"hostIPC": value})
	}
	host_ipc.deny == set() with input.object as mended
}
