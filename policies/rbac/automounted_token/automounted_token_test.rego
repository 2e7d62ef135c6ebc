package policies.rbac.automounted_token_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.rbac.automounted_token

failing := lamp({})

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/automountServiceAccountToken", "value": false}])

test_denies_what_nobody_decided if {
	every spec in [{}, {"automountServiceAccountToken": null}] {
		automounted_token.deny == {{
			"msg": "automountServiceAccountToken is not set",
			"at": ["spec", "automountServiceAccountToken"],
		}} with input.object as pod(spec)
	}
}

test_allows_what_is_decided if {
	automounted_token.deny == set() with input.object as mended
	automounted_token.deny == set() with input.object as pod({"automountServiceAccountToken": true})
}
