package policies.pods.duplicate_env_test

import data.lib.workloads_test.lamp
import data.policies.pods.duplicate_env

failing := lamp({"env": [{"name": "COLOUR", "value": "warm"}, {"name": "POWER", "value": "60"}, {"name": "COLOUR", "value": "cold"}]})

mended := lamp({"env": [{"name": "COLOUR", "value": "cold"}, {"name": "POWER", "value": "60"}]})

test_denies_doubles if {
	duplicate_env.deny == {{
		"msg": "container \"lamp\" has the variable COLOUR twice",
		"at": ["spec", "template", "spec", "containers", 0, "env", 2, "name"],
	}} with input.object as failing
}

test_allows_each_once if {
	every env in [null, [], [{"name": "COLOUR"}, {"name": "colour"}], [{}, {}]] {
		duplicate_env.deny == set() with input.object as lamp({"env": env})
	}
}
