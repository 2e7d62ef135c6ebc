# METADATA
# title: CronJob has no deadline to start
# description: Set spec.startingDeadlineSeconds to how late a run may begin, at least ten seconds.
# custom:
#   rationale: >-
#     After a hundred runs that were missed, as while it was suspended, a CronJob without a deadline never starts again;
#     with less than the ten seconds between two looks of the controller it may not start at all.
#   severity: {small: info, medium: info, enterprise: info}
#   kinds: [batch/CronJob]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline
package policies.reliability.cronjob_deadline

import data.lib.workloads

deny contains finding if {
	input.object.spec.schedule
	_is_too_short(object.get(input.object.spec, "startingDeadlineSeconds", null))
	path := ["spec", "startingDeadlineSeconds"]
	finding := {
		"msg": sprintf("startingDeadlineSeconds is %s", [workloads.shown(input.object, path)]),
		"at": path,
	}
}

_is_too_short(null)

_is_too_short(seconds) if {
	is_number(seconds)
	seconds < 10
}
