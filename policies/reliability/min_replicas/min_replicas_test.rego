package policies.reliability.min_replicas_test

import data.lib.workloads_test.lamp
import data.policies.reliability.min_replicas

params := {"min": 2}

failing := object.union(lamp({}), {"spec": {"replicas": 1}})

mended := object.union(lamp({}), {"spec": {"replicas": 2}})

test_denies_too_few if {
	min_replicas.deny == {{"msg": "replicas is 1, less than 2", "at": ["spec", "replicas"]}} with input as {"object": failing, "params": params}
}

test_allows_enough if {
	every replicas in [0, 2, 3, null, "1"] {
		min_replicas.deny == set() with input as {"object": object.union(lamp({}), {"spec": {"replicas": replicas}}), "params": params}
	}
}
