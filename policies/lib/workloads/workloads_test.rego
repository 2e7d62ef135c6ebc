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
	_templated("v1", "ReplicationController", pod),
	_templated("apps.openshift.io/v1", "DeploymentConfig", pod),
	_templated("argoproj.io/v1alpha1", "Rollout", pod),
	{
		"object": {
			"apiVersion": "batch/v1",
			"kind": "CronJob",
			"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}},
		},
		"at": ["spec", "jobTemplate", "spec", "template", "spec"],
	},
]

# pod is a Pod with this spec.
pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lamp", "namespace": "lights"}, "spec": spec}

# deployment is a Deployment of pods with this spec.
deployment(spec) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "lamp", "namespace": "lights"},
	"spec": {
		"selector": {"matchLabels": {"app.kubernetes.io/name": "lamp"}},
		"template": {"metadata": {"labels": {"app.kubernetes.io/name": "lamp"}}, "spec": spec},
	},
}

# lamp is a Deployment with one container that has these fields.
lamp(fields) := deployment({"containers": [object.union({"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}, fields)]})

_templated(version, kind, pod) := {
	"object": {"apiVersion": version, "kind": kind, "spec": {"template": {"spec": pod}}},
	"at": ["spec", "template", "spec"],
}

_lamp := {"name": "lamp", "image": "lamp:1"}

# The container that stands first in a Deployment with this pod spec.
_first(pod) := [container |
	some container in workloads.containers(deployment(pod))
	container.at == ["spec", "template", "spec", "containers", 0]
][0]

test_metadata_stands_beside_the_pod if {
	workloads.metadata(pod({})) == [{"at": ["metadata"], "value": {"name": "lamp", "namespace": "lights"}}]
	workloads.metadata(lamp({})) == [{"at": ["spec", "template", "metadata"], "value": {"labels": {"app.kubernetes.io/name": "lamp"}}}]
	workloads.metadata({"apiVersion": "v1", "kind": "Service"}) == []
}

test_finds_pods_of_every_kind if {
	every shape in shapes({"containers": [_lamp]}) {
		[[pod.at, pod.spec] | some pod in workloads.pods(shape.object)] == [[shape.at, {"containers": [_lamp]}]]
	}
}

test_kinds_are_those_of_the_table if {
	kinds := workloads.kinds with data.lib.pods.rows as {"example.org/Bare": []} with data.lib.own_pods.rows as {"example.org/Own": []}
	kinds == {"example.org/Bare", "example.org/Own"}
}

test_rows_of_the_repository_come_besides if {
	own := {"example.org/Bare": [{"at": "spec.more"}], "example.org/Own": [{"at": "spec"}]}
	pod := {"containers": [_lamp]}
	every kind, want in {"Bare": [["spec"], ["spec", "more"]], "Own": [["spec"]]} {
		workload := {"apiVersion": "example.org/v1", "kind": kind, "spec": object.union(pod, {"more": pod})}
		found := workloads.pods(workload) with data.lib.pods.rows as {"example.org/Bare": [{"at": "spec"}]} with data.lib.own_pods.rows as own
		[pod.at | some pod in found] == want
	}
}

test_finds_no_pods_elsewhere if {
	every workload in [
		{"apiVersion": "v1", "kind": "Service", "spec": {"containers": [_lamp]}},
		{"apiVersion": "serving.example.org/v1", "kind": "Deployment", "spec": {"template": {"spec": {"containers": [_lamp]}}}},
		{"apiVersion": "batch.example.org/v1", "kind": "Job", "spec": {"template": {"spec": {"containers": [_lamp]}}}},
	] {
		workloads.pods(workload) == []
		workloads.containers(workload) == []
	}
}

test_finds_no_pod_where_there_is_none if {
	every workload in [
		{"apiVersion": "apps/v1", "kind": "Deployment"},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": null},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": null}}},
	] {
		workloads.pods(workload) == []
		workloads.containers(workload) == []
	}
}

test_finds_all_containers if {
	every shape in shapes({
		"containers": [_lamp, {"name": "shade"}],
		"initContainers": [{"name": "plug"}],
		"ephemeralContainers": [{"name": "probe"}],
		"volumes": [{"name": "data"}],
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
	found := workloads.containers(deployment({"containers": [{"image": "lamp:1"}, {"name": 5}], "initContainers": null}))
	[container.name | some container in found] == ["", ""]
}

test_security_prefers_the_container if {
	pod := {
		"securityContext": {"runAsNonRoot": true},
		"containers": [{"name": "lamp", "securityContext": {"runAsNonRoot": false}}],
	}
	workloads.security(_first(pod), "runAsNonRoot") == {
		"field": "runAsNonRoot",
		"of": "container",
		"value": false,
		"shown": "false",
		"name": "lamp",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "runAsNonRoot"],
	}
}

test_security_falls_back_to_the_pod if {
	every own in [null, {}, {"runAsUser": null}] {
		pod := {
			"securityContext": {"runAsUser": 0},
			"containers": [{"name": "lamp", "securityContext": own}],
		}
		workloads.security(_first(pod), "runAsUser") == {
			"field": "runAsUser",
			"of": "pod",
			"value": 0,
			"shown": "0",
			"name": "",
			"at": ["spec", "template", "spec", "securityContext", "runAsUser"],
		}
	}
}

test_security_is_null_where_nothing_is_set if {
	pod := {"securityContext": null, "containers": [_lamp]}
	workloads.security(_first(pod), "runAsUser") == {
		"field": "runAsUser",
		"of": "container",
		"value": null,
		"shown": "not set",
		"name": "lamp",
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "runAsUser"],
	}
}

# The API server knows none of these fields on a pod.
test_security_is_the_containers_alone_where_no_pod_has_the_field if {
	fields := ["allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem"]
	every field in fields {
		workloads.security(_first({"securityContext": {field: false}, "containers": [_lamp]}), field) == {
			"field": field,
			"of": "container",
			"value": null,
			"shown": "not set",
			"name": "lamp",
			"at": ["spec", "template", "spec", "containers", 0, "securityContext", field],
		}
	}
}

test_whose_names_the_container_or_all_of_the_pod if {
	pod := {"securityContext": {"runAsUser": 0}, "containers": [_lamp, {"name": "shade", "securityContext": {"runAsUser": 1}}]}
	containers := workloads.containers(deployment(pod))
	workloads.whose(workloads.security(containers[0], "runAsUser"), containers) == "pod of \"lamp\", \"shade\""
	workloads.whose(workloads.security(containers[1], "runAsUser"), containers) == "container \"shade\""
}

test_windows_is_the_pods if {
	every os, want in {"windows": true, "linux": false} {
		pod := {"os": {"name": os}, "containers": [_lamp]}
		[true | workloads.is_windows(_first(pod))] == [true | want]
		[true | workloads.is_windows(_first(pod).pod)] == [true | want]
	}
}

test_goes_on_unless_it_is_to_end if {
	every spec, want in {{}: true, {"restartPolicy": null}: true, {"restartPolicy": "Never"}: false, {"restartPolicy": "OnFailure"}: false} {
		[true | workloads.goes_on(pod(spec), workloads.pods(pod(spec))[0])] == [true | want]
	}
	every kind in ["CronJob", "Job"] {
		not workloads.goes_on({"kind": kind}, {"spec": {}})
	}
}

# A table with each form of row, for kinds that are nobody's.
_table := {
	"example.org/Bare": [{"at": "spec", "name": "main", "container": {"image": "image"}}],
	"example.org/Daemons": [{"at": "spec.sizes.*", "container": {"resources": ""}}],
	"example.org/Guarded": [{"at": "spec", "name": "main", "unless": "spec.elsewhere.enable", "container": {"image": "image"}}],
	"example.org/Named": [{"at": "spec.parts.*", "container": {"image": "image"}}],
	"example.org/Overlaid": [{"at": "spec.pods.*.template", "overlay": true}],
	"example.org/OverlaidPieces": [{
		"at": "spec",
		"name": "main",
		"overlay": true,
		"pod": {"securityContext": "podSecurity"},
		"container": {"image": "image", "resources": "resources"},
		"containers": ["helper"],
	}],
	"example.org/Steps": [{"at": "spec.tasks.*", "containers": ["helper", "set.steps"]}],
	"example.org/Pieces": [{
		"at": "spec.parts.*",
		"name": "main",
		"pod": {"securityContext": "podSecurity"},
		"container": {"image": "image", "resources": "size.resources"},
		"sets": {"pod": {"securityContext": {"runAsNonRoot": true}}, "container": {"securityContext": {"privileged": false}}},
	}],
}

_custom(kind, spec) := containers if {
	containers := workloads.containers({"apiVersion": "example.org/v1", "kind": kind, "spec": spec}) with data.lib.pods.rows as _table
}

test_overlays_know_what_they_set if {
	[container] := _custom("Overlaid", {"pods": [5, {"template": {"containers": [{"name": "lamp", "image": "lamp:1"}]}}]})
	workloads.at(container, ["image"]) == ["spec", "pods", 1, "template", "containers", 0, "image"]
	not workloads.at(container, ["resources"])
	not workloads.at(container.pod, ["securityContext"])
	setting := workloads.security(container, "runAsNonRoot")
	setting.value == null
	not setting.at
}

test_overlaid_pieces_know_what_they_set if {
	spec := {"image": "lamp:1", "podSecurity": {"runAsUser": 0}, "helper": {"name": "helper", "image": "shade:1"}}
	[container, helper] := _custom("OverlaidPieces", spec)
	workloads.at(container, ["image"]) == ["spec", "image"]
	not workloads.at(container, ["resources", "limits", "memory"])
	workloads.security(container, "runAsUser").at == ["spec", "podSecurity", "runAsUser"]
	not workloads.security(container, "runAsNonRoot").at
	workloads.at(helper, ["image"]) == ["spec", "helper", "image"]
	workloads.security(helper, "runAsUser").at == ["spec", "podSecurity", "runAsUser"]
}

test_further_fields_hold_containers if {
	spec := {"tasks": [{"helper": _lamp, "set": {"steps": [{"name": "a"}, 5, {"image": "b:1"}]}}, {"helper": "lamp", "set": null}]}
	found := _custom("Steps", spec)
	[[container.name, container.list, container.at, container.spec, container.pod.at] | some container in found] == [
		["lamp", "containers", ["spec", "tasks", 0, "helper"], _lamp, ["spec", "tasks", 0]],
		["a", "containers", ["spec", "tasks", 0, "set", "steps", 0], {"name": "a"}, ["spec", "tasks", 0]],
		["", "containers", ["spec", "tasks", 0, "set", "steps", 1], 5, ["spec", "tasks", 0]],
		["", "containers", ["spec", "tasks", 0, "set", "steps", 2], {"image": "b:1"}, ["spec", "tasks", 0]],
	]
}

test_pieces_have_the_name_of_their_item if {
	every parts, want in {
		{"a": {"image": "lamp:1"}}: "a",
		[{"name": "b", "image": "lamp:1"}]: "b",
		[{"image": "lamp:1"}]: "",
	} {
		[container] := _custom("Named", {"parts": parts})
		container.name == want
	}
}

test_pieces_may_be_the_item_itself if {
	[container] := _custom("Daemons", {"sizes": {"a": {"limits": {"memory": "1Gi"}}}})
	workloads.limit(container, "memory") == "1Gi"
	workloads.at(container, ["resources", "limits", "cpu"]) == ["spec", "sizes", "a", "limits", "cpu"]
}

test_images_in_parts_are_put_together if {
	every image, want in {
		{"repository": "lamp", "tag": "1"}: ["lamp:1"],
		{"repository": "lamp", "tag": 5}: ["lamp:5"],
		{"repository": "lamp"}: [],
		{"tag": "1"}: [],
		{}: [],
		"lamp:2": ["lamp:2"],
	} {
		[container] := _custom("Bare", {"image": image})
		[container.spec.image | container.spec.image] == want
	}
}

test_rows_are_void_where_they_say_so if {
	every elsewhere, want in {null: 1, {}: 1, {"enable": null}: 1, {"enable": false}: 1, {"enable": []}: 1, {"enable": true}: 0, {"enable": ["x"]}: 0} {
		count(_custom("Guarded", {"elsewhere": elsewhere})) == want
	}
}

test_pieces_stand_where_the_row_says if {
	[container] := _custom("Pieces", {"parts": {"a": {"image": "lamp:1", "podSecurity": {"runAsUser": 0}}}})
	container.name == "main"
	container.spec.image == "lamp:1"
	workloads.at(container, ["image"]) == ["spec", "parts", "a", "image"]
	workloads.at(container, ["resources", "limits", "memory"]) == ["spec", "parts", "a", "size", "resources", "limits", "memory"]
	not workloads.at(container, ["env"])
	workloads.at(container.pod, ["securityContext", "runAsUser"]) == ["spec", "parts", "a", "podSecurity", "runAsUser"]
}

test_pieces_that_are_none_run_nothing if {
	every part in [null, 5, "lamp:1", []] {
		_custom("Pieces", {"parts": {"a": part}}) == []
		_custom("Bare", part) == []
	}
}

test_pieces_leave_to_the_operator_what_is_null if {
	[container] := _custom("Pieces", {"parts": {"a": {"podSecurity": null}}})
	workloads.security(container, "runAsNonRoot").value == true
}

test_pieces_hold_what_the_operator_sets if {
	[container] := _custom("Pieces", {"parts": {"a": {"podSecurity": {"runAsUser": 5}}}})
	workloads.security(container, "runAsNonRoot").value == true
	workloads.security(container, "runAsUser").value == 5
	privileged := workloads.security(container, "privileged")
	privileged.value == false
	not privileged.at
	missing := workloads.security(container, "seccompProfile")
	missing.at == ["spec", "parts", "a", "podSecurity", "seccompProfile"]
}

test_request_is_the_containers_own if {
	pod := {"containers": [{"resources": {"requests": {"cpu": "10m"}, "limits": {"cpu": "20m"}}}]}
	workloads.request(_first(pod), "cpu") == "10m"
}

test_request_falls_back_to_the_limit if {
	every requests in [null, {}, {"cpu": null}, {"memory": "1Mi"}] {
		pod := {"containers": [{"resources": {"requests": requests, "limits": {"cpu": 2}}}]}
		workloads.request(_first(pod), "cpu") == 2
	}
}

test_request_and_limit_fall_back_to_the_pod if {
	pod := {"resources": {"limits": {"memory": "1Gi"}}, "containers": [_lamp]}
	workloads.request(_first(pod), "memory") == "1Gi"
	workloads.limit(_first(pod), "memory") == "1Gi"
}

test_zero_sets_nothing_aside if {
	every zero in [0, "0", "0m", "0.0", "00Mi", "0e3", "-0", ""] {
		pod := {"containers": [{"resources": {"requests": {"cpu": zero}, "limits": {"cpu": "1"}}}]}
		not workloads.request(_first(pod), "cpu")
	}
}

test_zero_limits_nothing if {
	every zero in [0, "0", "0Gi"] {
		pod := {"containers": [{"resources": {"limits": {"memory": zero}}}]}
		not workloads.limit(_first(pod), "memory")
	}
}

test_zero_of_the_pod_is_none if {
	pod := {"resources": {"requests": {"cpu": "0"}, "limits": {"memory": 0}}, "containers": [_lamp]}
	not workloads.request(_first(pod), "cpu")
	not workloads.limit(_first(pod), "memory")
}

test_small_amounts_are_not_zero if {
	every amount in ["1m", 0.5, "0.5", "0.001Gi", ".5", "1e-3", "10"] {
		pod := {"containers": [{"resources": {"limits": {"memory": amount}}}]}
		workloads.limit(_first(pod), "memory") == amount
	}
}

test_malformed_resources_set_nothing_aside if {
	every resources in [null, "big", [], {"requests": "big"}, {"requests": {"cpu": false}}] {
		pod := {"containers": [{"resources": resources}]}
		not workloads.request(_first(pod), "cpu")
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
