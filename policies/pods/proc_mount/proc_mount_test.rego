package policies.pods.proc_mount_test

import data.lib.workloads_test.lamp
import data.policies.pods.proc_mount

failing := lamp({"securityContext": {"procMount": "Unmasked"}})

mended := lamp({"securityContext": {"procMount": "Default"}})

test_denies_unmasked if {
	proc_mount.deny == {{
		"msg": `container "lamp" sees all of /proc: securityContext.procMount is "Unmasked"`,
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "procMount"],
	}} with input.object as failing
}

test_allows_the_default if {
	every security in [null, {}, {"procMount": null}, {"procMount": ""}, {"procMount": "Default"}] {
		proc_mount.deny == set() with input.object as lamp({"securityContext": security})
	}
}
