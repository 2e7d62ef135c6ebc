package policies.pods.seccomp_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.seccomp

failing := lamp({})

mended := deployment({
	"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
	"containers": failing.spec.template.spec.containers,
})

_findings(pod_context, container) := findings if {
	findings := seccomp.deny with input.object as pod({
		"securityContext": pod_context,
		"containers": [{"name": "lamp", "securityContext": container}],
	})
}

test_denies_where_there_is_none if {
	every unset in [null, {}, {"seccompProfile": null}] {
		_findings(unset, unset) == {{
			"msg": "container \"lamp\" may make every system call: securityContext.seccompProfile is not set",
			"at": ["spec", "containers", 0, "securityContext", "seccompProfile"],
		}}
	}
}

test_denies_unconfined if {
	_findings({"seccompProfile": {"type": "RuntimeDefault"}}, {"seccompProfile": {"type": "Unconfined"}}) == {{
		"msg": `container "lamp" may make every system call: securityContext.seccompProfile is {"type":"Unconfined"}`,
		"at": ["spec", "containers", 0, "securityContext", "seccompProfile"],
	}}
}

test_denies_once_what_the_pod_sets if {
	seccomp.deny == {{
		"msg": `pod of "lamp", "shade" may make every system call: securityContext.seccompProfile is {"type":"Unconfined"}`,
		"at": ["spec", "securityContext", "seccompProfile"],
	}} with input.object as pod({
		"securityContext": {"seccompProfile": {"type": "Unconfined"}},
		"containers": [{"name": "lamp"}, {"name": "shade"}, {"name": "plug", "securityContext": {"seccompProfile": {"type": "Localhost"}}}],
	})
}

test_allows_profiles if {
	seccomp.deny == set() with input.object as mended
	every profile in ["RuntimeDefault", "Localhost"] {
		_findings({"seccompProfile": {"type": profile}}, null) == set()
		_findings({"seccompProfile": {"type": "Unconfined"}}, {"seccompProfile": {"type": profile}}) == set()
	}
}

test_allows_windows if {
	seccomp.deny == set() with input.object as pod({"os": {"name": "windows"}, "containers": [{"name": "lamp"}]})
}
