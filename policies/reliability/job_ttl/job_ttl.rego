# METADATA
# title: Finished Job stays
# description: >-
#   Set spec.ttlSecondsAfterFinished. Where Argo CD applies the Job make it a hook instead, with a delete policy: Argo CD
#   makes anew what is gone.
# custom:
#   rationale: Jobs that are done, and their pods, fill the API server until somebody removes them.
#   severity: {small: info, medium: info, enterprise: info}
#   kinds: [batch/Job]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
package policies.reliability.job_ttl

import data.lib.lifecycle

deny contains finding if {
	not lifecycle.is_managed(input.object)
	object.get(input.object.spec, "ttlSecondsAfterFinished", null) == null
	finding := {
		"msg": "ttlSecondsAfterFinished is not set",
		"at": ["spec", "ttlSecondsAfterFinished"],
	}
}
