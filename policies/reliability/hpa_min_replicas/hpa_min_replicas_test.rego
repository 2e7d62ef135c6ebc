package policies.reliability.hpa_min_replicas_test

import data.policies.reliability.hpa_min_replicas

failing := {
	"apiVersion": "autoscaling/v2",
	"kind": "HorizontalPodAutoscaler",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
		"minReplicas": 1,
		"maxReplicas": 6,
		"metrics": [{
			"type": "Resource",
			"resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
		}],
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/minReplicas", "value": 2}])

# _messages are what the policy says of an autoscaler with this minReplicas, where two are wanted.
_messages(least) := {finding.msg | some finding in findings} if {
	findings := hpa_min_replicas.deny with input as {
		"object": json.patch(failing, [{"op": "replace", "path": "/spec/minReplicas", "value": least}]),
		"params": {"min": 2},
	}
}

test_denies_too_few if {
	_messages(1) == {"minReplicas is 1: want 2 at least"}
	_messages(0) == {"minReplicas is 0: want 2 at least"}
}

test_denies_the_default if {
	_messages(null) == {"minReplicas is not set: want 2 at least"}
	hpa_min_replicas.deny == {{
		"msg": "minReplicas is not set: want 3 at least",
		"at": ["spec", "minReplicas"],
	}} with input as {"object": json.remove(failing, ["spec/minReplicas"]), "params": {"min": 3}}
}

test_allows_enough if {
	_messages(2) == set()
	_messages(3) == set()
}

test_allows_what_is_no_number if {
	every least in ["1", true, [], {}] {
		_messages(least) == set()
	}
}

test_allows_autoscalers_that_scale_nothing if {
	every patch in [{"op": "remove", "path": "/spec"}, {"op": "replace", "path": "/spec", "value": {}}] {
		hpa_min_replicas.deny == set() with input as {"object": json.patch(failing, [patch]), "params": {"min": 2}}
	}
}
