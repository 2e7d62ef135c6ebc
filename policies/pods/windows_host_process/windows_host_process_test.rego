package policies.pods.windows_host_process_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.windows_host_process

failing := deployment({
	"os": {"name": "windows"},
	"securityContext": {"windowsOptions": {"hostProcess": true}},
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
})

mended := json.remove(failing, ["/spec/template/spec/securityContext"])

_findings(spec) := findings if {
	findings := windows_host_process.deny with input.object as pod(spec)
}

test_denies_host_processes if {
	windows_host_process.deny == {{
		"msg": `pod of "lamp" runs as a process of its node: securityContext.windowsOptions.hostProcess is true`,
		"at": ["spec", "template", "spec", "securityContext", "windowsOptions", "hostProcess"],
	}} with input.object as failing
}

test_denies_the_container_at_fault_only if {
	_findings({"containers": [{"name": "lamp"}, {"name": "shade", "securityContext": {"windowsOptions": {"hostProcess": true}}}]}) == {{
		"msg": `container "shade" runs as a process of its node: securityContext.windowsOptions.hostProcess is true`,
		"at": ["spec", "containers", 1, "securityContext", "windowsOptions", "hostProcess"],
	}}
}

test_denies_all_that_inherit_it_once if {
	_findings({
		"securityContext": {"windowsOptions": {"hostProcess": true}},
		"containers": [{"name": "lamp"}, {"name": "shade"}, {"name": "plug", "securityContext": {"windowsOptions": {}}}],
	}) == {{
		"msg": `pod of "lamp", "shade" runs as a process of its node: securityContext.windowsOptions.hostProcess is true`,
		"at": ["spec", "securityContext", "windowsOptions", "hostProcess"],
	}}
}

test_allows_containers if {
	every options in [null, {}, {"hostProcess": false}] {
		_findings({"containers": [{"name": "lamp", "securityContext": {"windowsOptions": options}}]}) == set()
	}
}
