package policies.pods.selinux_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.selinux

failing := lamp({"securityContext": {"seLinuxOptions": {"type": "spc_t"}}})

mended := lamp({"securityContext": {"seLinuxOptions": {"type": "container_t", "level": "s0:c12,c34"}}})

_findings(spec) := findings if {
	findings := selinux.deny with input.object as pod(spec)
}

test_denies_types if {
	selinux.deny == {{
		"msg": `container "lamp" has the SELinux type "spc_t"`,
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "seLinuxOptions", "type"],
	}} with input.object as failing
}

test_denies_once_what_the_pod_sets if {
	_findings({
		"securityContext": {"seLinuxOptions": {"user": "sysadm_u", "role": "sysadm_r", "type": "container_t"}},
		"containers": [{"name": "lamp"}, {"name": "shade"}, {"name": "plug", "securityContext": {"seLinuxOptions": {"level": "s0"}}}],
	}) == {
		{"msg": `pod of "lamp", "shade" has the SELinux user "sysadm_u"`, "at": ["spec", "securityContext", "seLinuxOptions", "user"]},
		{"msg": `pod of "lamp", "shade" has the SELinux role "sysadm_r"`, "at": ["spec", "securityContext", "seLinuxOptions", "role"]},
	}
}

test_allows_what_containers_have if {
	every options in [
		null, {}, {"type": ""}, {"type": null, "user": "", "role": null}, {"type": "container_t"}, {"type": "container_init_t"},
		{"type": "container_kvm_t"}, {"type": "container_engine_t"}, {"level": "s0:c1"},
	] {
		_findings({"containers": [{"name": "lamp", "securityContext": {"seLinuxOptions": options}}]}) == set()
	}
}
