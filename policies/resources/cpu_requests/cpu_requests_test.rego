package policies.resources.cpu_requests_test

import data.lib.workloads_test.shapes
import data.policies.resources.cpu_requests

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
				"resources": {"requests": {"memory": "128Mi"}},
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/containers/0/resources/requests/cpu", "value": "50m"}])

# _findings are what the policy says of a Pod whose only container has these resources.
_findings(resources) := findings if {
	findings := cpu_requests.deny with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {"containers": [{"name": "lamp", "resources": resources}]},
	}
}

_finding(shown) := {{
	"msg": sprintf("container \"lamp\" requests no cpu: resources.requests.cpu is %s", [shown]),
	"at": ["spec", "containers", 0, "resources", "requests", "cpu"],
}}

test_denies_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers"] {
		every shape in shapes({list: [{"name": "lamp"}]}) {
			cpu_requests.deny == {{
				"msg": "container \"lamp\" requests no cpu: resources.requests.cpu is not set",
				"at": array.concat(shape.at, [list, 0, "resources", "requests", "cpu"]),
			}} with input.object as shape.object
		}
	}
}

test_denies_sidecars if {
	every shape in shapes({"initContainers": [{"name": "lamp", "restartPolicy": "Always"}]}) {
		count(cpu_requests.deny) == 1 with input.object as shape.object
	}
}

test_denies_where_nothing_is_set if {
	every resources in [null, {}, {"requests": null}, {"requests": {}}, {"requests": {"cpu": null}}, {"requests": {"storage": "1Gi"}}] {
		_findings(resources) == _finding("not set")
	}
}

test_denies_zero if {
	_findings({"requests": {"cpu": 0}}) == _finding("0")
	_findings({"requests": {"cpu": "0"}}) == _finding(`"0"`)
}

test_denies_zero_in_spite_of_a_limit if {
	_findings({"requests": {"cpu": "0"}, "limits": {"cpu": "10m"}}) == _finding(`"0"`)
}

test_denies_the_limit_of_another_resource if {
	_findings({"limits": {"storage": "1Gi"}}) == _finding("not set")
}

test_allows_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers"] {
		every shape in shapes({list: [{"name": "lamp", "resources": {"requests": {"cpu": "10m"}}}]}) {
			cpu_requests.deny == set() with input.object as shape.object
		}
	}
}

test_allows_a_limit_without_a_request if {
	_findings({"limits": {"cpu": "10m"}}) == set()
}

test_allows_what_the_pod_sets if {
	every shape in shapes({"resources": {"requests": {"cpu": "10m"}}, "containers": [{"name": "lamp"}]}) {
		cpu_requests.deny == set() with input.object as shape.object
	}
}

test_allows_ephemeral_containers if {
	every shape in shapes({"ephemeralContainers": [{"name": "probe"}]}) {
		cpu_requests.deny == set() with input.object as shape.object
	}
}

test_allows_objects_without_pods if {
	cpu_requests.deny == set() with input.object as {"apiVersion": "v1", "kind": "Service", "spec": {}}
}
