package policies.pods.host_aliases_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_aliases

failing := deployment({
	"hostAliases": [{"ip": "192.0.2.7", "hostnames": ["dimmer.example.org"]}],
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
})

mended := json.remove(failing, ["/spec/template/spec/hostAliases"])

test_denies_aliases if {
	host_aliases.deny == {{
		"msg": "hostAliases names 192.0.2.7",
		"at": ["spec", "template", "spec", "hostAliases"],
	}} with input.object as failing
}

test_denies_commands_that_write_them if {
	every field in ["command", "args"] {
		host_aliases.deny == {{
			"msg": "container \"lamp\" writes to /etc/hosts",
			"at": ["spec", "containers", 0, field, 1],
		}} with input.object as pod({"containers": [{"name": "lamp", field: ["-c", "echo 192.0.2.7 dimmer >> /etc/hosts"]}]})
	}
}

test_allows_pods_without if {
	every spec in [{}, {"hostAliases": null}, {"hostAliases": []}, {"containers": [{"name": "lamp", "args": ["cat /etc/hosts", 5], "other": ["a > /etc/hosts"]}]}] {
		host_aliases.deny == set() with input.object as pod(spec)
	}
}
