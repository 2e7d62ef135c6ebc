package policies.reliability.restart_policy_test

import data.lib.workloads_test.deployment
import data.policies.reliability.restart_policy

_job(spec) := {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "lamp", "namespace": "lights"},
	"spec": {"template": {"spec": object.union(spec, {"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}]})}},
}

_cron_job(spec) := {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": "lamp", "namespace": "lights"},
	"spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}},
}

failing := _job({})

mended := _job({"restartPolicy": "OnFailure"})

_messages(object) := {finding.msg | some finding in findings} if {
	findings := restart_policy.deny with input.object as object
}

test_denies_jobs_without_end if {
	restart_policy.deny == {{
		"msg": "restartPolicy of a Job is not set",
		"at": ["spec", "template", "spec", "restartPolicy"],
	}} with input.object as failing
	_messages(_cron_job({"restartPolicy": "Always"})) == {`restartPolicy of a CronJob is "Always"`}
}

test_denies_workloads_that_end if {
	every policy in ["Never", "OnFailure"] {
		_messages(deployment({"restartPolicy": policy})) == {sprintf("restartPolicy of a Deployment is %q", [policy])}
	}
}

test_allows_jobs_that_end if {
	every policy in ["Never", "OnFailure"] {
		_messages(_job({"restartPolicy": policy})) == set()
		_messages(_cron_job({"restartPolicy": policy})) == set()
	}
}

test_allows_workloads_that_go_on if {
	every spec in [{}, {"restartPolicy": "Always"}, {"restartPolicy": ""}, {"restartPolicy": null}] {
		_messages(deployment(spec)) == set()
	}
}
