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

# _count is how many findings there are about a pod in whose namespace the accounts mute and default give no token.
_count(spec) := count(findings) if {
	findings := automounted_token.deny with input as {"object": pod(spec), "tokenless": ["default", "mute"]}
}

test_allows_accounts_that_give_no_token if {
	every spec in [
		{}, {"serviceAccountName": "mute"}, {"serviceAccount": "mute"}, {"serviceAccountName": "", "serviceAccount": "mute"},
		{"serviceAccountName": null, "serviceAccount": ""}, {"serviceAccountName": "mute", "serviceAccount": "lamp"},
	] {
		_count(spec) == 0
	}
}

test_denies_accounts_that_give_one if {
	every spec in [{"serviceAccountName": "lamp"}, {"serviceAccount": "lamp"}] {
		_count(spec) == 1
	}
}
