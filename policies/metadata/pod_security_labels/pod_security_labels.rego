# METADATA
# title: Namespace holds pods to no standard
# description: >-
#   Set the label pod-security.kubernetes.io/enforce to restricted, or to baseline or privileged where pods there need it.
# custom:
#   rationale: Where the label is missing the API server takes every pod, a privileged one among them.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [core/Namespace]
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-admission/
package policies.metadata.pod_security_labels

import data.lib.workloads

_label := "pod-security.kubernetes.io/enforce"

deny contains finding if {
	path := ["metadata", "labels", _label]
	not object.get(input.object, path, null) in ["privileged", "baseline", "restricted"]
	finding := {
		"msg": sprintf("label %q is %s", [_label, workloads.shown(input.object, path)]),
		"at": path,
	}
}
