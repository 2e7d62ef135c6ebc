# METADATA
# title: Pod uses the account that all pods of its namespace have
# description: Give the workload a ServiceAccount, and set serviceAccountName.
# custom:
#   rationale: What one pod may do of the API all others of the namespace may that use the same account.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
#   repository_only: Whether a ServiceAccount gives its pods a token stands in another object.
#   references:
#     - https://kubernetes.io/docs/concepts/security/service-accounts/
package policies.rbac.default_service_account

import data.lib.workloads

# Without its token the account is nobody's.
deny contains finding if {
	some pod in workloads.pods(input.object)
	object.get(pod.spec, "serviceAccountName", null) in {"", "default", null}
	object.get(pod.spec, "serviceAccount", null) in {"", "default", null}
	not _has_no_token(pod)
	finding := {
		"msg": sprintf("serviceAccountName is %s", [workloads.shown(pod.spec, ["serviceAccountName"])]),
		"at": workloads.at(pod, ["serviceAccountName"]),
	}
}

_has_no_token(pod) if pod.spec.automountServiceAccountToken == false

_has_no_token(pod) if {
	object.get(pod.spec, "automountServiceAccountToken", null) == null
	"default" in input.tokenless
}
