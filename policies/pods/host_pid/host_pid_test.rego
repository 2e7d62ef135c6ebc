package policies.pods.host_pid_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_pid

failing := deployment({"hostPID": true, "containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}]})

mended := json.remove(failing, ["/spec/template/spec/hostPID"])

test_denies_host_pid if {
	host_pid.deny == {{"msg": "hostPID is true", "at": ["spec", "template", "spec", "hostPID"]}} with input.object as failing
}

test_allows_pods_of_their_own if {
	every value in [false, null, "true"] {
		host_pid.deny == set() with input.object as pod({"hostPID": value})
	}
	host_pid.deny == set() with input.object as mended
}
