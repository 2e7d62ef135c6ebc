package policies.reliability.anti_affinity_test

import data.lib.workloads_test.lamp
import data.policies.reliability.anti_affinity

failing := object.union(lamp({}), {"spec": {"replicas": 2}})

mended := json.patch(failing, [{
	"op": "add",
	"path": "/spec/template/spec/topologySpreadConstraints",
	"value": [{
		"maxSkew": 1,
		"topologyKey": "kubernetes.io/hostname",
		"whenUnsatisfiable": "ScheduleAnyway",
		"labelSelector": {"matchLabels": {"app.kubernetes.io/name": "lamp"}},
	}],
}])

_count(replicas, spec) := count(findings) if {
	findings := anti_affinity.deny with input.object as object.union(lamp({}), {"spec": {"replicas": replicas, "template": {"spec": spec}}})
}

test_denies_replicas_that_may_stand_together if {
	anti_affinity.deny == {{
		"msg": "nothing keeps the 2 replicas from standing on one node",
		"at": ["spec", "template", "spec", "topologySpreadConstraints"],
	}} with input.object as failing
	every spec in [
		{"affinity": null}, {"affinity": {"podAffinity": {}}}, {"topologySpreadConstraints": []},
		{"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": []}}},
	] {
		_count(2, spec) == 1
	}
}

test_allows_replicas_that_keep_apart if {
	_count(2, mended.spec.template.spec) == 0
	_count(2, {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1}]}}}) == 0
}

test_allows_one_replica if {
	every replicas in [0, 1, null] {
		_count(replicas, {}) == 0
	}
}
