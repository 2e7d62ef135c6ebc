package policies.pods.unsafe_sysctls_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.unsafe_sysctls

params := {"safe": ["net.ipv4.ip_unprivileged_port_start"]}

failing := deployment({
	"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]},
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
})

mended := json.patch(failing, [{"op": "remove", "path": "/spec/template/spec/securityContext"}])

_messages(sysctls) := {finding.msg | some finding in findings} if {
	findings := unsafe_sysctls.deny with input as {"object": pod({"securityContext": {"sysctls": sysctls}}), "params": params}
}

test_denies_what_is_not_on_the_list if {
	unsafe_sysctls.deny == {{
		"msg": `sysctl "kernel.msgmax" is not safe`,
		"at": ["spec", "template", "spec", "securityContext", "sysctls", 0, "name"],
	}} with input as {"object": failing, "params": params}
}

test_allows_what_is if {
	every name in ["net.ipv4.ip_unprivileged_port_start", "net/ipv4/ip_unprivileged_port_start", null, 5] {
		_messages([{"name": name, "value": "0"}]) == set()
	}
}
