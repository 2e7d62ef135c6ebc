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

_apart(terms) := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}

_own := {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "lamp"}}}

test_denies_replicas_that_may_stand_together if {
	anti_affinity.deny == {{
		"msg": "nothing keeps the 2 replicas from standing on one node",
		"at": ["spec", "template", "spec", "topologySpreadConstraints"],
	}} with input.object as failing
	every spec in [
		{"affinity": null}, {"affinity": {"podAffinity": {}}}, {"topologySpreadConstraints": []},
		_apart([]),
	] {
		_count(2, spec) == 1
	}
}

test_allows_replicas_that_keep_apart if {
	_count(2, mended.spec.template.spec) == 0
	_count(2, {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": _own}]}}}) == 0
	every term in [
		_own, {"labelSelector": {}}, object.union(_own, {"namespaces": []}), object.union(_own, {"namespaces": ["cellar", "lights"]}),
		object.union(_own, {"namespaces": ["cellar"], "namespaceSelector": {}}),
	] {
		_count(2, _apart([{"labelSelector": {"matchLabels": {"app": "other"}}}, term])) == 0
	}
}

test_denies_what_keeps_away_from_others if {
	every term in [
		{}, {"labelSelector": null}, {"labelSelector": {"matchLabels": {"app": "other"}}}, object.union(_own, {"namespaces": ["cellar"]}),
		{"podAffinityTerm": {"labelSelector": {"matchLabels": {"app": "other"}}}},
	] {
		_count(2, _apart([term])) == 1
	}
}

test_a_template_without_labels_is_selected_by_what_asks_for_none if {
	every labels in [null, {}] {
		bare := json.patch(failing, [
			{"op": "replace", "path": "/spec/template/metadata", "value": {"labels": labels}},
			{"op": "add", "path": "/spec/template/spec/affinity", "value": _apart([{"labelSelector": {}}]).affinity},
		])
		anti_affinity.deny == set() with input.object as bare
		choosy := json.patch(bare, [{"op": "replace", "path": "/spec/template/spec/affinity", "value": _apart([_own]).affinity}])
		count(anti_affinity.deny) == 1 with input.object as choosy
	}
}

test_allows_one_replica if {
	every replicas in [0, 1, null] {
		_count(replicas, {}) == 0
	}
}
