package policies.reliability.priority_class_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.reliability.priority_class

failing := lamp({})

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/priorityClassName", "value": "service"}])

test_denies_pods_without if {
	every spec in [{}, {"priorityClassName": ""}, {"priorityClassName": null}] {
		priority_class.deny == {{"msg": "priorityClassName is not set", "at": ["spec", "priorityClassName"]}} with input.object as pod(spec)
	}
}

test_allows_pods_with if {
	priority_class.deny == set() with input.object as mended
}
