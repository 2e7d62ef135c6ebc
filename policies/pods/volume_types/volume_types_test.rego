package policies.pods.volume_types_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.volume_types

params := {"allowed": ["emptyDir"]}

failing := deployment({
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
	"volumes": [{"name": "data", "nfs": {"server": "nas.example.org", "path": "/lamp"}}],
})

mended := json.patch(failing, [{
	"op": "replace",
	"path": "/spec/template/spec/volumes/0",
	"value": {"name": "data", "emptyDir": {}},
}])

test_denies_what_is_not_on_the_list if {
	volume_types.deny == {{
		"msg": "volume \"data\" is of the kind nfs",
		"at": ["spec", "template", "spec", "volumes", 0, "nfs"],
	}} with input as {"object": failing, "params": params}
}

test_allows_what_is if {
	every volume in [{"name": "data", "emptyDir": {}}, {"name": "data", "hostPath": {"path": "/"}}, {"name": "data", "nfs": null}, {"name": "data"}] {
		volume_types.deny == set() with input as {"object": pod({"volumes": [volume]}), "params": params}
	}
}
