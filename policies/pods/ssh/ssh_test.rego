package policies.pods.ssh_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.ssh

failing := lamp({"ports": [{"name": "ssh", "containerPort": 22}]})

mended := lamp({"ports": [{"name": "http", "containerPort": 8080}]})

_findings(fields) := findings if {
	findings := ssh.deny with input.object as pod({"containers": [object.union({"name": "lamp"}, fields)]})
}

test_denies_the_port if {
	ssh.deny == {{
		"msg": "container \"lamp\" listens on port 22",
		"at": ["spec", "template", "spec", "containers", 0, "ports", 0, "containerPort"],
	}} with input.object as failing
}

test_denies_the_server if {
	every field in ["command", "args"] {
		every text in ["sshd", "/usr/sbin/sshd", "apk add openssh && sshd -D", "/usr/sbin/sshd;lamp"] {
			_findings({field: ["sh", text]}) == {{"msg": "container \"lamp\" starts sshd", "at": ["spec", "containers", 0, field, 1]}}
		}
	}
}

test_allows_others if {
	every fields in [{}, {"ports": null}, {"ports": [{"containerPort": 2222}]}, {"other": ["sshd"]}, {"command": ["ssh", "sshd_config", "/etc/sshd.d", 5]}] {
		_findings(fields) == set()
	}
}
