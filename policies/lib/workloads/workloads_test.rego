package lib.workloads_test

import data.lib.workloads

# shapes gives an object of every kind that runs pods, each with the same pod spec and the path where that stands.
shapes(pod) := [
	{
		"object": {"apiVersion": "v1", "kind": "Pod", "spec": pod},
		"at": ["spec"],
	},
	_templated("apps/v1", "DaemonSet", pod),
	_templated("apps/v1", "Deployment", pod),
	_templated("apps/v1", "ReplicaSet", pod),
	_templated("apps/v1", "StatefulSet", pod),
	_templated("batch/v1", "Job", pod),
	{
		"object": {
			"apiVersion": "batch/v1",
			"kind": "CronJob",
			"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}},
		},
		"at": ["spec", "jobTemplate", "spec", "template", "spec"],
	},
]

_templated(version, kind, pod) := {
	"object": {"apiVersion": version, "kind": kind, "spec": {"template": {"spec": pod}}},
	"at": ["spec", "template", "spec"],
}

_lamp := {"name": "lamp", "image": "lamp:1"}

_deployment(pod) := _templated("apps/v1", "Deployment", pod).object

# The container that stands first in a Deployment with this pod spec.
_first(pod) := [container |
	some container in workloads.containers(_deployment(pod))
	container.at == ["spec", "template", "spec", "containers", 0]
][0]

test_finds_pods_of_every_kind if {
	every shape in shapes({"containers": [_lamp]}) {
		workloads.pod_path(shape.object) == shape.at
		workloads.pod(shape.object) == {"containers": [_lamp]}
	}
}

test_finds_no_pods_elsewhere if {
	every workload in [
		{"apiVersion": "v1", "kind": "Service", "spec": {"containers": [_lamp]}},
		{"apiVersion": "serving.example.org/v1", "kind": "Deployment", "spec": {"template": {"spec": {"containers": [_lamp]}}}},
		{"apiVersion": "batch.example.org/v1", "kind": "Job", "spec": {"template": {"spec": {"containers": [_lamp]}}}},
	] {
		not workloads.pod(workload)
		workloads.containers(workload) == []
	}
}

test_finds_no_pod_where_there_is_none if {
	every workload in [
		{"apiVersion": "apps/v1", "kind": "Deployment"},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": null},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": null}}},
	] {
		not workloads.pod(workload)
		workloads.containers(workload) == []
	}
}

test_finds_all_containers if {
	every shape in shapes({
		"containers": [_lamp, {"name": "shade"}],
		"initContainers": [{"name": "plug"}],
		"ephemeralContainers": [{"name": "probe"}],
	}) {
		found := {[container.name, container.list, container.at] | some container in workloads.containers(shape.object)}
		found == {
			["lamp", "containers", array.concat(shape.at, ["containers", 0])],
			["shade", "containers", array.concat(shape.at, ["containers", 1])],
			["plug", "initContainers", array.concat(shape.at, ["initContainers", 0])],
			["probe", "ephemeralContainers", array.concat(shape.at, ["ephemeralContainers", 0])],
		}
	}
}

test_finds_containers_without_names if {
	found := workloads.containers(_deployment({"containers": [{"image": "lamp:1"}, {"name": 5}], "initContainers": null}))
	[container.name | some container in found] == ["", ""]
}

test_security_prefers_the_container if {
	pod := {
		"securityContext": {"runAsNonRoot": true},
		"containers": [{"name": "lamp", "securityContext": {"runAsNonRoot": false}}],
	}
	workloads.security(_deployment(pod), _first(pod), "runAsNonRoot") == {
		"field": "runAsNonRoot",
		"of": "container",
		"value": false,
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "runAsNonRoot"],
	}
}

test_security_falls_back_to_the_pod if {
	every own in [null, {}, {"runAsUser": null}] {
		pod := {
			"securityContext": {"runAsUser": 0},
			"containers": [{"name": "lamp", "securityContext": own}],
		}
		workloads.security(_deployment(pod), _first(pod), "runAsUser") == {
			"field": "runAsUser",
			"of": "pod",
			"value": 0,
			"at": ["spec", "template", "spec", "securityContext", "runAsUser"],
		}
	}
}

test_security_is_undefined_where_nothing_is_set if {
	pod := {"securityContext": null, "containers": [_lamp]}
	not workloads.security(_deployment(pod), _first(pod), "runAsUser")
}

test_request_is_the_containers_own if {
	pod := {"containers": [{"resources": {"requests": {"cpu": "10m"}, "limits": {"cpu": "20m"}}}]}
	workloads.request(_deployment(pod), _first(pod), "cpu") == "10m"
}

test_request_falls_back_to_the_limit if {
	every requests in [null, {}, {"cpu": null}, {"memory": "1Mi"}] {
		pod := {"containers": [{"resources": {"requests": requests, "limits": {"cpu": 2}}}]}
		workloads.request(_deployment(pod), _first(pod), "cpu") == 2
	}
}

test_request_and_limit_fall_back_to_the_pod if {
	pod := {"resources": {"limits": {"memory": "1Gi"}}, "containers": [_lamp]}
	workloads.request(_deployment(pod), _first(pod), "memory") == "1Gi"
	workloads.limit(_deployment(pod), _first(pod), "memory") == "1Gi"
}

test_zero_sets_nothing_aside if {
	every zero in [0, "0", "0m", "0.0", "00Mi", "0e3", "-0", ""] {
		pod := {"containers": [{"resources": {"requests": {"cpu": zero}, "limits": {"cpu": "1"}}}]}
		not workloads.request(_deployment(pod), _first(pod), "cpu")
	}
}

test_zero_limits_nothing if {
	every zero in [0, "0", "0Gi"] {
		pod := {"containers": [{"resources": {"limits": {"memory": zero}}}]}
		not workloads.limit(_deployment(pod), _first(pod), "memory")
	}
}

test_small_amounts_are_not_zero if {
	every amount in ["1m", 0.5, "0.5", "0.001Gi", ".5", "1e-3", "10"] {
		pod := {"containers": [{"resources": {"limits": {"memory": amount}}}]}
		workloads.limit(_deployment(pod), _first(pod), "memory") == amount
	}
}

test_malformed_resources_set_nothing_aside if {
	every resources in [null, "big", [], {"requests": "big"}, {"requests": {"cpu": false}}] {
		pod := {"containers": [{"resources": resources}]}
		not workloads.request(_deployment(pod), _first(pod), "cpu")
	}
}

test_shows_values_as_written if {
	workloads.shown({"cpu": "0"}, ["cpu"]) == `"0"`
	workloads.shown({"cpu": 0}, ["cpu"]) == "0"
	workloads.shown({"cpu": null}, ["cpu"]) == "not set"
	workloads.shown({"cpu": null}, ["cpu", "min"]) == "not set"
	workloads.shown({}, ["cpu"]) == "not set"
	workloads.shown({"cpu": "<no value> & more"}, ["cpu"]) == `"<no value> & more"`
}
