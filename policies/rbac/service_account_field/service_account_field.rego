# METADATA
# title: Pod names its account by a field that has ended
# description: Use serviceAccountName.
# custom:
#   rationale: >-
#     serviceAccount is kept for old clients alone, and who reads only the new field takes the pod for one with the
#     default account.
#   severity: {small: info, medium: info, enterprise: info}
#   kinds: [pods]
#   repository_only: The API server writes both fields, whichever is set.
package policies.rbac.service_account_field

import data.lib.workloads

# The API server sets both.
deny contains finding if {
	some pod in workloads.pods(input.object)
	account := pod.spec.serviceAccount
	not account in {"", null}
	object.get(pod.spec, "serviceAccountName", null) != account
	finding := {
		"msg": sprintf("serviceAccount is %s", [workloads.text(account)]),
		"at": workloads.at(pod, ["serviceAccount"]),
	}
}
