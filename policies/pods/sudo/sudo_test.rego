package policies.pods.sudo_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.sudo

failing := lamp({"command": ["sh", "-c", "sudo chown -R lamp /data && lamp"]})

mended := lamp({"command": ["lamp"]})

_findings(fields) := findings if {
	findings := sudo.deny with input.object as pod({"containers": [object.union({"name": "lamp"}, fields)]})
}

test_denies_commands if {
	sudo.deny == {{
		"msg": "container \"lamp\" calls sudo",
		"at": ["spec", "template", "spec", "containers", 0, "command", 2],
	}} with input.object as failing
	every text in ["sudo", "/usr/bin/sudo", "true;sudo true", "(sudo true)", "a && sudo\tb"] {
		_findings({"args": [text]}) == {{"msg": "container \"lamp\" calls sudo", "at": ["spec", "containers", 0, "args", 0]}}
	}
}

test_denies_probes_and_hooks if {
	every probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
		_findings({probe: {"exec": {"command": ["sudo", "true"]}}}) == {{
			"msg": "container \"lamp\" calls sudo",
			"at": ["spec", "containers", 0, probe, "exec", "command", 0],
		}}
	}
	every hook in ["postStart", "preStop"] {
		_findings({"lifecycle": {hook: {"exec": {"command": ["sudo", "true"]}}}}) == {{
			"msg": "container \"lamp\" calls sudo",
			"at": ["spec", "containers", 0, "lifecycle", hook, "exec", "command", 0],
		}}
	}
}

test_allows_others if {
	every fields in [{}, {"command": null}, {"args": ["pseudo", "sudoers", "--sudo=no", 5]}] {
		_findings(fields) == set()
	}
}
