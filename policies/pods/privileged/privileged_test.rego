package policies.pods.privileged_test

import data.lib.workloads_test.shapes
import data.policies.pods.privileged

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
