package policies.reliability.cronjob_deadline_test

import data.policies.reliability.cronjob_deadline

failing := {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": "report", "namespace": "shop"},
	"spec": {
		"schedule": "15 3 * * *",
		"jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "report", "image": "ghcr.io/acme/report:2.0.1"}]}}}},
	},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/startingDeadlineSeconds", "value": 3600}])

# _messages are what the policy says of a CronJob with this deadline.
_messages(seconds) := {finding.msg | some finding in findings} if {
	findings := cronjob_deadline.deny with input.object as object.union(failing, {"spec": {"startingDeadlineSeconds": seconds}})
}

test_denies_no_deadline if {
	_messages(null) == {"startingDeadlineSeconds is not set"}
	cronjob_deadline.deny == {{
		"msg": "startingDeadlineSeconds is not set",
		"at": ["spec", "startingDeadlineSeconds"],
	}} with input.object as failing
}

test_denies_short_deadlines if {
	_messages(0) == {"startingDeadlineSeconds is 0"}
	_messages(9) == {"startingDeadlineSeconds is 9"}
}

test_allows_longer_ones if {
	_messages(10) == set()
	_messages(3600) == set()
}

test_allows_what_is_no_number if {
	every seconds in ["1", true, []] {
		_messages(seconds) == set()
	}
}

test_allows_what_is_no_cronjob_yet if {
	cronjob_deadline.deny == set() with input.object as json.remove(failing, ["spec"])
	cronjob_deadline.deny == set() with input.object as json.remove(failing, ["spec/schedule"])
}
