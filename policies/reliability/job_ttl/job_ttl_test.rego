package policies.reliability.job_ttl_test

import data.policies.reliability.job_ttl

failing := {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "migrate", "namespace": "shop"},
	"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "migrate", "image": "ghcr.io/acme/migrate:2.0.1"}]}}},
}

mended := object.union(failing, {"metadata": {"annotations": {
	"argocd.argoproj.io/hook": "PreSync",
	"argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
}}})

test_denies_jobs_that_stay if {
	every unset in [{}, {"ttlSecondsAfterFinished": null}] {
		job_ttl.deny == {{
			"msg": "ttlSecondsAfterFinished is not set",
			"at": ["spec", "ttlSecondsAfterFinished"],
		}} with input.object as object.union(failing, {"spec": unset})
	}
}

test_allows_jobs_that_are_removed if {
	every seconds in [0, 600] {
		job_ttl.deny == set() with input.object as object.union(failing, {"spec": {"ttlSecondsAfterFinished": seconds}})
	}
}

test_allows_hooks_and_jobs_of_a_cronjob if {
	job_ttl.deny == set() with input.object as mended
	job_ttl.deny == set() with input.object as object.union(
		failing,
		{"metadata": {"ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "migrate", "uid": "1"}]}},
	)
}

test_allows_jobs_of_which_nothing_is_known if {
	job_ttl.deny == set() with input.object as json.remove(failing, ["spec"])
}
