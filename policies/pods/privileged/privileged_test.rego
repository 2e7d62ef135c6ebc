package policies.pods.privileged_test

import data.lib.workloads_test.shapes
import data.policies.pods.privileged

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
				"securityContext": {"privileged": true},
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/template/spec/containers/0/securityContext", "value": {"capabilities": {"add": ["NET_BIND_SERVICE"]}}}])

test_denies_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp"}, {"name": "shade", "securityContext": {"privileged": true}}]}) {
			privileged.deny == {{
				"msg": "container \"shade\" is privileged: securityContext.privileged is true",
				"at": array.concat(shape.at, [list, 1, "securityContext", "privileged"]),
			}} with input.object as shape.object
		}
	}
}

test_allows_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every security in [null, {}, {"privileged": null}, {"privileged": false}] {
			every shape in shapes({list: [{"name": "lamp", "securityContext": security}]}) {
				privileged.deny == set() with input.object as shape.object
			}
		}
	}
}

test_allows_objects_without_pods if {
	privileged.deny == set() with input.object as {"apiVersion": "v1", "kind": "Service", "spec": {}}
}
