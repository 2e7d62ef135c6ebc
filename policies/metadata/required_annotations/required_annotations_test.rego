package policies.metadata.required_annotations_test

import data.policies.metadata.required_annotations

failing := {
	"apiVersion": "v1",
	"kind": "Namespace",
	"metadata": {"name": "shop"},
}

mended := object.union(failing, {"metadata": {"annotations": {"contact": "shop@example.org"}}})

params := {"annotations": ["contact"]}

_workload := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "shop"},
}

# _findings are what the policy says of an object in a namespace, where a and b are asked for.
_findings(judged, namespace) := findings if {
	findings := required_annotations.deny with input as {
		"object": judged,
		"namespace": namespace,
		"params": {"annotations": ["b", "a"]},
	}
}

_finding(names, first) := {{"msg": sprintf("there is no annotation %s", [names]), "at": ["metadata", "annotations", first]}}

test_denies_once_all_that_is_lacking if {
	every judged in [failing, _workload] {
		every marks in [null, {}, {"c": "x"}, {"a": "", "b": null}, {"a": " ", "b": 1}, ["a", "b"]] {
			_findings(object.union(judged, {"metadata": {"annotations": marks}}), {}) == _finding(`"b", "a"`, "b")
		}
		_findings(judged, {}) == _finding(`"b", "a"`, "b")
		_findings(object.union(judged, {"metadata": {"annotations": {"b": "x"}}}), {}) == _finding(`"a"`, "a")
	}
}

test_allows_what_has_all if {
	every judged in [failing, _workload] {
		_findings(object.union(judged, {"metadata": {"annotations": {"a": "x", "b": "y"}}}), {}) == set()
	}
}

test_allows_workloads_whose_namespace_is_judged if {
	_findings(_workload, {"labels": {}, "annotations": {}}) == set()
}

test_allows_all_where_nothing_is_asked_for if {
	required_annotations.deny == set() with input as {"object": failing, "namespace": {}, "params": {"annotations": []}}
}
