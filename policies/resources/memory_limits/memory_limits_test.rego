package policies.resources.memory_limits_test

import data.lib.workloads_test.shapes
import data.policies.resources.memory_limits

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
				"resources": {"requests": {"cpu": "50m", "memory": "128Mi"}},
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/containers/0/resources/limits", "value": {"memory": "256Mi"}}])

# _findings are what the policy says of a Pod whose only container has these resources.
_findings(resources) := findings if {
	findings := memory_limits.deny with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {"containers": [{"name": "lamp", "resources": resources}]},
	}
}

_finding(shown) := {{
	"msg": sprintf("container \"lamp\" has no memory limit: resources.limits.memory is %s", [shown]),
	"at": ["spec", "containers", 0, "resources", "limits", "memory"],
}}

test_denies_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers"] {
		every shape in shapes({list: [{"name": "lamp"}]}) {
			memory_limits.deny == {{
				"msg": "container \"lamp\" has no memory limit: resources.limits.memory is not set",
				"at": array.concat(shape.at, [list, 0, "resources", "limits", "memory"]),
			}} with input.object as shape.object
		}
	}
}

test_denies_sidecars if {
	every shape in shapes({"initContainers": [{"name": "lamp", "restartPolicy": "Always"}]}) {
		count(memory_limits.deny) == 1 with input.object as shape.object
	}
}

test_denies_where_nothing_is_set if {
	every resources in [null, {}, {"limits": null}, {"limits": {}}, {"limits": {"memory": null}}, {"limits": {"storage": "1Gi"}}] {
		_findings(resources) == _finding("not set")
	}
}

test_denies_zero if {
	_findings({"limits": {"memory": 0}}) == _finding("0")
	_findings({"limits": {"memory": "0"}}) == _finding(`"0"`)
}

test_denies_a_request_without_a_limit if {
	_findings({"requests": {"memory": "10Mi"}}) == _finding("not set")
}

test_allows_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers"] {
		every shape in shapes({list: [{"name": "lamp", "resources": {"limits": {"memory": "10Mi"}}}]}) {
			memory_limits.deny == set() with input.object as shape.object
		}
	}
}

test_allows_what_the_pod_sets if {
	every shape in shapes({"resources": {"limits": {"memory": "10Mi"}}, "containers": [{"name": "lamp"}]}) {
		memory_limits.deny == set() with input.object as shape.object
	}
}

test_allows_ephemeral_containers if {
	every shape in shapes({"ephemeralContainers": [{"name": "probe"}]}) {
		memory_limits.deny == set() with input.object as shape.object
	}
}

test_allows_objects_without_pods if {
	memory_limits.deny == set() with input.object as {"apiVersion": "v1", "kind": "Service", "spec": {}}
}
