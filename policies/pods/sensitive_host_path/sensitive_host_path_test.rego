package policies.pods.sensitive_host_path_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.sensitive_host_path

params := {"sensitive": ["/", "/etc", "/var/lib/kubelet"]}

failing := deployment({
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
	"volumes": [{"name": "settings", "hostPath": {"path": "/etc/lamp"}}],
})

mended := json.patch(failing, [{
	"op": "replace",
	"path": "/spec/template/spec/volumes/0",
	"value": {"name": "settings", "configMap": {"name": "lamp"}},
}])

_messages(path) := {finding.msg | some finding in findings} if {
	findings := sensitive_host_path.deny with input as {
		"object": pod({"volumes": [{"name": "data", "hostPath": {"path": path}}]}),
		"params": params,
	}
}

test_denies_what_is_sensitive if {
	sensitive_host_path.deny == {{
		"msg": "volume \"settings\" is the path /etc/lamp of its node",
		"at": ["spec", "template", "spec", "volumes", 0, "hostPath", "path"],
	}} with input as {"object": failing, "params": params}
	every path in ["/", "//", "/./", "/etc", "/etc/", "/etc//lamp", "/srv/../etc", "/var/lib/kubelet/pods"] {
		_messages(path) == {sprintf("volume \"data\" is the path %s of its node", [path])}
	}
}

test_allows_other_paths if {
	every path in ["/srv", "/etcd", "/var/lib", null, 5] {
		_messages(path) == set()
	}
}
