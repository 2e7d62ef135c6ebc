package policies.rbac.default_service_account_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.rbac.default_service_account

failing := lamp({})

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/serviceAccountName", "value": "lamp"}])

test_denies_the_default if {
	every spec, shown in {{}: "not set", {"serviceAccountName": "default"}: `"default"`, {"serviceAccountName": "", "serviceAccount": "default"}: `""`} {
		default_service_account.deny == {{
			"msg": sprintf("serviceAccountName is %s", [shown]),
			"at": ["spec", "serviceAccountName"],
		}} with input.object as pod(spec)
	}
}

test_allows_accounts_of_their_own if {
	default_service_account.deny == set() with input.object as mended
	default_service_account.deny == set() with input.object as pod({"serviceAccount": "lamp"})
}

test_allows_pods_without_a_token if {
	default_service_account.deny == set() with input.object as pod({"automountServiceAccountToken": false})
}

test_allows_a_default_that_gives_no_token if {
	default_service_account.deny == set() with input as {"object": pod({}), "tokenless": ["default"]}
}

test_denies_a_default_that_gives_one if {
	count(default_service_account.deny) == 1 with input as {"object": pod({}), "tokenless": ["lamp"]}
	count(default_service_account.deny) == 1 with input as {"object": pod({"automountServiceAccountToken": true}), "tokenless": ["default"]}
}
