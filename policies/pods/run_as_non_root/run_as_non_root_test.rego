package policies.pods.run_as_non_root_test

import data.lib.workloads_test.shapes
import data.policies.pods.run_as_non_root

failing := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"selector": {"matchLabels": {"app": "web"}},
		"template": {
			"metadata": {"labels": {"app": "web"}},
			"spec": {"containers": [{
				"name": "web",
				"image": "ghcr.io/acme/web:1.4.2",
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/securityContext", "value": {"runAsNonRoot": true}}])

# _findings are what the policy says of a Pod whose pod and only container have these securityContexts.
_findings(pod, container) := findings if {
	findings := run_as_non_root.deny with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {
			"securityContext": pod,
			"containers": [{"name": "lamp", "securityContext": container}],
		},
	}
}

_own(field, shown) := {{
	"msg": sprintf("container \"lamp\" runs as root: securityContext.%s is %s", [field, shown]),
	"at": ["spec", "containers", 0, "securityContext", field],
}}

_inherited(field, shown) := {{
	"msg": sprintf("pod of \"lamp\" runs as root: securityContext.%s is %s", [field, shown]),
	"at": ["spec", "securityContext", field],
}}

test_denies_every_kind if {
	every shape in shapes({"containers": [{"name": "lamp"}]}) {
		run_as_non_root.deny == {{
			"msg": "container \"lamp\" runs as root: securityContext.runAsNonRoot is not true",
			"at": array.concat(shape.at, ["containers", 0, "securityContext", "runAsNonRoot"]),
		}} with input.object as shape.object
	}
}

test_denies_every_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp"}]}) {
			findings := run_as_non_root.deny with input.object as shape.object
			{finding.at | some finding in findings} == {array.concat(shape.at, [list, 0, "securityContext", "runAsNonRoot"])}
		}
	}
}

test_denies_where_nothing_is_set if {
	every unset in [null, {}, {"runAsNonRoot": null}, {"runAsUser": null}] {
		_findings(unset, unset) == _own("runAsNonRoot", "not true")
	}
}

test_denies_false_over_the_pods_true if {
	_findings({"runAsNonRoot": true}, {"runAsNonRoot": false}) == _own("runAsNonRoot", "false")
}

test_denies_the_pods_false if {
	_findings({"runAsNonRoot": false}, {}) == _inherited("runAsNonRoot", "false")
}

test_denies_user_0_in_spite_of_run_as_non_root if {
	_findings({}, {"runAsUser": 0, "runAsNonRoot": true}) == _own("runAsUser", "0")
	_findings({"runAsUser": 0}, {"runAsNonRoot": true}) == _inherited("runAsUser", "0")
}

test_denies_user_0_over_the_pods_user if {
	_findings({"runAsUser": 1000}, {"runAsUser": 0}) == _own("runAsUser", "0")
}

test_denies_a_user_that_is_no_number if {
	_findings({}, {"runAsUser": "1000"}) == _own("runAsNonRoot", "not true")
}

test_denies_run_as_non_root_that_is_no_boolean if {
	_findings({}, {"runAsNonRoot": "true"}) == _own("runAsNonRoot", `"true"`)
}

test_denies_once_what_containers_inherit if {
	run_as_non_root.deny == {{
		"msg": "pod of \"lamp\", \"shade\" runs as root: securityContext.runAsUser is 0",
		"at": ["spec", "securityContext", "runAsUser"],
	}} with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {
			"securityContext": {"runAsUser": 0},
			"containers": [
				{"name": "lamp"},
				{"name": "shade"},
				{"name": "plug", "securityContext": {"runAsUser": 1000}},
			],
		},
	}
}

test_denies_the_container_at_fault_only if {
	run_as_non_root.deny == {{
		"msg": "container \"shade\" runs as root: securityContext.runAsUser is 0",
		"at": ["spec", "containers", 1, "securityContext", "runAsUser"],
	}} with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {
			"securityContext": {"runAsNonRoot": true},
			"containers": [{"name": "lamp"}, {"name": "shade", "securityContext": {"runAsUser": 0}}],
		},
	}
}

test_denies_linux_pods_that_say_so if {
	every shape in shapes({"os": {"name": "linux"}, "containers": [{"name": "lamp"}]}) {
		count(run_as_non_root.deny) == 1 with input.object as shape.object
	}
}

test_allows_every_kind if {
	every shape in shapes({
		"securityContext": {"runAsNonRoot": true},
		"containers": [{"name": "lamp"}],
		"initContainers": [{"name": "plug"}],
		"ephemeralContainers": [{"name": "probe"}],
	}) {
		run_as_non_root.deny == set() with input.object as shape.object
	}
}

test_allows_run_as_non_root if {
	_findings({}, {"runAsNonRoot": true}) == set()
	_findings({"runAsNonRoot": true}, null) == set()
	_findings({"runAsNonRoot": false}, {"runAsNonRoot": true}) == set()
}

test_allows_users_other_than_0 if {
	_findings({}, {"runAsUser": 1000}) == set()
	_findings({"runAsUser": 1000}, {}) == set()
	_findings({"runAsUser": 0}, {"runAsUser": 1000}) == set()
	_findings({}, {"runAsUser": 1000, "runAsNonRoot": false}) == set()
}

test_allows_windows if {
	every security in [{}, {"runAsUser": 0}] {
		every shape in shapes({"os": {"name": "windows"}, "containers": [{"name": "lamp", "securityContext": security}]}) {
			run_as_non_root.deny == set() with input.object as shape.object
		}
	}
}

test_allows_objects_without_pods if {
	run_as_non_root.deny == set() with input.object as {"apiVersion": "v1", "kind": "Service", "spec": {}}
}
