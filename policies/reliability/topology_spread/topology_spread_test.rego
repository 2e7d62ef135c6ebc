package policies.reliability.topology_spread_test

import data.lib.workloads_test.lamp
import data.policies.reliability.topology_spread

params := {"keys": ["topology.kubernetes.io/zone", "example.org/rack"]}

failing := object.union(lamp({}), {"spec": {"replicas": 2}})

mended := json.patch(failing, [{
	"op": "add",
	"path": "/spec/template/spec/topologySpreadConstraints",
	"value": [{
		"maxSkew": 1,
		"topologyKey": "topology.kubernetes.io/zone",
		"whenUnsatisfiable": "ScheduleAnyway",
		"labelSelector": {"matchLabels": {"app.kubernetes.io/name": "lamp"}},
	}],
}])

_count(replicas, spec) := count(findings) if {
	findings := topology_spread.deny with input as {
		"object": object.union(lamp({}), {"spec": {"replicas": replicas, "template": {"spec": spec}}}),
		"params": params,
	}
}

test_denies_replicas_in_one_zone if {
	topology_spread.deny == {{
		"msg": "nothing spreads the 2 replicas over topology.kubernetes.io/zone or example.org/rack",
		"at": ["spec", "template", "spec", "topologySpreadConstraints"],
	}} with input as {"object": failing, "params": params}
	_count(2, {"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname"}]}) == 1
	_count(2, {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]}}}) == 1
	_count(2, {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": {"topologyKey": "kubernetes.io/hostname"}}]}}}) == 1
}

test_allows_replicas_in_several if {
	_count(2, mended.spec.template.spec) == 0
	_count(2, {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "example.org/rack"}]}}}) == 0
	_count(2, {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": {"topologyKey": "example.org/rack"}}]}}}) == 0
}

test_allows_one_replica if {
	every replicas in [0, 1, null] {
		_count(replicas, {}) == 0
	}
}
