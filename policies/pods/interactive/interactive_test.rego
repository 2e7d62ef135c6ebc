package policies.pods.interactive_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.interactive

failing := lamp({"tty": true})

mended := lamp({})

test_denies_terminals if {
	interactive.deny == {{
		"msg": "container \"lamp\" has tty",
		"at": ["spec", "template", "spec", "containers", 0, "tty"],
	}} with input.object as failing
	interactive.deny == {{
		"msg": "container \"plug\" has stdin",
		"at": ["spec", "initContainers", 0, "stdin"],
	}} with input.object as pod({"initContainers": [{"name": "plug", "stdin": true}]})
}

test_allows_others if {
	every spec in [
		{"containers": [{"name": "lamp", "stdin": false, "tty": null, "stdinOnce": true}]},
		{"ephemeralContainers": [{"name": "probe", "stdin": true, "tty": true}]},
	] {
		interactive.deny == set() with input.object as pod(spec)
	}
}
