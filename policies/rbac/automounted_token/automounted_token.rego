# METADATA
# title: Pod has a token of the API that it may not need
# description: >-
#   Set automountServiceAccountToken of the pod or its ServiceAccount: to false, or to true where the pod talks to the API server.
# custom:
#   rationale: Whoever gets into a container has its token, and with it all that its account may do.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
#   repository_only: Whether a ServiceAccount gives its pods a token stands in another object.
#   references:
#     - https://kubernetes.io/docs/concepts/security/service-accounts/
package policies.rbac.automounted_token

import data.lib.workloads

# Where somebody says true, somebody has thought of it. What the account says holds where the pod says nothing.
deny contains finding if {
	some pod in workloads.pods(input.object)
	object.get(pod.spec, "automountServiceAccountToken", null) == null
	not _gets_none(pod)
	finding := {
		"msg": "automountServiceAccountToken is not set",
		"at": workloads.at(pod, ["automountServiceAccountToken"]),
	}
}

_gets_none(pod) if _account(pod) in input.tokenless

_account(pod) := pod.spec.serviceAccountName if {
	not pod.spec.serviceAccountName in {"", null}
} else := pod.spec.serviceAccount if {
	not pod.spec.serviceAccount in {"", null}
} else := "default"
