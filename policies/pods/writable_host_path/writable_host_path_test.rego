package policies.pods.writable_host_path_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.writable_host_path

failing := deployment({
	"containers": [{
		"name": "lamp",
		"image": "registry.example.org/lamp:1.4.2",
		"volumeMounts": [{"name": "zones", "mountPath": "/usr/share/zoneinfo"}],
	}],
	"volumes": [{"name": "zones", "hostPath": {"path": "/srv/zoneinfo"}}],
})

mended := json.patch(failing, [{"op": "add", "path": "/spec/template/spec/containers/0/volumeMounts/0/readOnly", "value": true}])

_findings(mount, volume) := findings if {
	findings := writable_host_path.deny with input.object as pod({
		"initContainers": [{"name": "plug", "volumeMounts": [mount]}],
		"volumes": [{"name": "other", "hostPath": {"path": "/other"}}, volume],
	})
}

_path := {"name": "data", "hostPath": {"path": "/srv"}}

test_denies_paths_mounted_to_write if {
	writable_host_path.deny == {{
		"msg": "container \"lamp\" can write to the path /srv/zoneinfo of its node",
		"at": ["spec", "template", "spec", "containers", 0, "volumeMounts", 0, "readOnly"],
	}} with input.object as failing
	every mount in [{"name": "data"}, {"name": "data", "readOnly": false}, {"name": "data", "readOnly": null}] {
		_findings(mount, _path) == {{
			"msg": "container \"plug\" can write to the path /srv of its node",
			"at": ["spec", "initContainers", 0, "volumeMounts", 0, "readOnly"],
		}}
	}
}

test_allows_paths_to_read if {
	_findings({"name": "data", "readOnly": true}, _path) == set()
}

test_allows_other_volumes if {
	_findings({"name": "data"}, {"name": "data", "emptyDir": {}}) == set()
	_findings({"name": "lost"}, _path) == set()
}
