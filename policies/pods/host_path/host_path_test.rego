package policies.pods.host_path_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.host_path

failing := deployment({
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
	"volumes": [{"name": "data", "hostPath": {"path": "/srv/lamp", "type": "Directory"}}],
})

mended := json.patch(failing, [{
	"op": "replace",
	"path": "/spec/template/spec/volumes/0",
	"value": {"name": "data", "persistentVolumeClaim": {"claimName": "lamp"}},
}])

test_denies_paths_of_the_node if {
	host_path.deny == {{
		"msg": "volume \"data\" is the path /srv/lamp of its node",
		"at": ["spec", "template", "spec", "volumes", 0, "hostPath"],
	}} with input.object as failing
}

test_allows_other_volumes if {
	every volumes in [null, [], [{"name": "data", "emptyDir": {}}], [{"name": "data", "hostPath": null}]] {
		host_path.deny == set() with input.object as pod({"volumes": volumes})
	}
}
