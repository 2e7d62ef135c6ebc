package policies.rbac.service_account_field_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.rbac.service_account_field

failing := json.patch(lamp({}), [{"op": "add", "path": "/spec/template/spec/serviceAccount", "value": "lamp"}])

mended := json.patch(lamp({}), [{"op": "add", "path": "/spec/template/spec/serviceAccountName", "value": "lamp"}])

test_denies_the_old_field if {
	service_account_field.deny == {{
		"msg": "serviceAccount is \"lamp\"",
		"at": ["spec", "template", "spec", "serviceAccount"],
	}} with input.object as failing
	count(service_account_field.deny) == 1 with input.object as pod({"serviceAccount": "lamp", "serviceAccountName": "shade"})
}

test_allows_the_new_one if {
	service_account_field.deny == set() with input.object as mended
	every spec in [{}, {"serviceAccount": ""}, {"serviceAccount": null}, {"serviceAccount": "lamp", "serviceAccountName": "lamp"}] {
		service_account_field.deny == set() with input.object as pod(spec)
	}
}
