package policies.pods.security_context_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.security_context

failing := lamp({})

mended := lamp({"securityContext": {"runAsNonRoot": true}})

_findings(pod_context, container) := findings if {
	findings := security_context.deny with input.object as pod({
		"securityContext": pod_context,
		"containers": [{"name": "lamp", "securityContext": container}],
	})
}

test_denies_where_there_is_none if {
	every unset in [null, {}] {
		_findings(unset, unset) == {{
			"msg": "container \"lamp\" has no securityContext, nor has its pod",
			"at": ["spec", "containers", 0, "securityContext"],
		}}
	}
}

test_allows_either if {
	security_context.deny == set() with input.object as mended
	_findings({"runAsUser": 0}, null) == set()
	_findings(null, {"runAsUser": 0}) == set()
}
