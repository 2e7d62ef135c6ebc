package policies.metadata.kube_system_test

import data.lib.workloads_test.shapes
import data.policies.metadata.kube_system

failing := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "kube-system"},
	"spec": {
		"selector": {"matchLabels": {"app": "web"}},
		"template": {
			"metadata": {"labels": {"app": "web"}},
			"spec": {"containers": [{"name": "web", "image": "ghcr.io/acme/web:1.4.2"}]},
		},
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/metadata/namespace", "value": "shop"}])

test_denies_every_workload if {
	every class in [null, "", "system", 1] {
		every shape in shapes({"priorityClassName": class, "containers": [{"name": "lamp"}]}) {
			kube_system.deny == {{
				"msg": "namespace is \"kube-system\"",
				"at": ["metadata", "namespace"],
			}} with input.object as object.union(shape.object, {"metadata": {"namespace": "kube-system"}})
		}
	}
	count(kube_system.deny) == 1 with input.object as failing
}

test_allows_other_namespaces if {
	kube_system.deny == set() with input.object as mended
	every metadata in [null, {}, {"namespace": null}] {
		kube_system.deny == set() with input.object as json.patch(failing, [{"op": "replace", "path": "/metadata", "value": metadata}])
	}
}

test_allows_what_every_pod_needs if {
	every class in ["system-cluster-critical", "system-node-critical"] {
		every shape in shapes({"priorityClassName": class, "containers": [{"name": "lamp"}]}) {
			kube_system.deny == set() with input.object as object.union(shape.object, {"metadata": {"namespace": "kube-system"}})
		}
	}
}
